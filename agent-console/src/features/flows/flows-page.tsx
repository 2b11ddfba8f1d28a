import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FlowView } from '../../../../src/contract/knowledge';
import { call } from '../../lib/api';
import { usePreferences } from '../../lib/preferences';
import { useUrlFilters } from '../../lib/use-url-filters';
import { Select } from '../../ui/field';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { EmptyState } from '../../ui/states';
import { inLanguage } from './in-language';
import { FlowDetails } from './flow-details';
import { FlowPicture } from './flow-picture';
import { useWords } from './words';

export function FlowsPage() {
  const t = useWords();
  const query = useQuery({ queryKey: ['flows'], queryFn: ({ signal }) => call('GET /flows', { signal }) });
  if (query.data && query.data.items.length > 0) return <Flows flows={query.data.items} />;
  return (
    <Page title={t('title')} hint={t('hint')}>
      <Loaded query={query}>{() => <EmptyState title={t('empty')} hint={t('emptyHint')} />}</Loaded>
    </Page>
  );
}

function Flows({ flows }: { flows: FlowView[] }) {
  const t = useWords();
  const language = usePreferences((preferences) => preferences.language);
  const [{ flow: chosen }, change] = useUrlFilters();
  const flow = flows.find(({ id }) => id === chosen) ?? flows[0];
  if (!flow) return null;
  return (
    <main className="flex h-full min-w-0 flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-panel px-4 py-3 md:px-6">
        <div className="mr-auto min-w-0">
          <h1 className="truncate text-lg font-semibold">{t('title')}</h1>
          <p className="text-[13px] text-muted">{t('hint')}</p>
        </div>
        <Select
          aria-label={t('list')}
          value={flow.id}
          onChange={(event) => change({ flow: event.target.value })}
          className="w-full! sm:w-auto!"
        >
          {flows.map((one) => (
            <option key={one.id} value={one.id}>
              {inLanguage(one.titles, language) ?? one.title} · {t('steps', { count: one.steps.length })}
            </option>
          ))}
        </Select>
      </header>
      <Flow key={flow.id} flow={flow} />
    </main>
  );
}

function Flow({ flow }: { flow: FlowView }) {
  const [selected, setSelected] = useState<string | null>(null);
  const step = flow.steps.find(({ id }) => id === selected) ?? null;
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      <FlowPicture flow={flow} selected={selected} onSelect={setSelected} />
      <FlowDetails flow={flow} step={step} onSelect={setSelected} />
    </div>
  );
}
