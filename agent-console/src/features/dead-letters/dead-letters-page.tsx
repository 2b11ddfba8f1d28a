import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeadLetterView } from '../../../../src/contract/dead-letters';
import { deadLetterKinds, type DeadLetterKind } from '../../../../src/domain/dead-letter';
import { call } from '../../lib/api';
import { useUrlFilters } from '../../lib/use-url-filters';
import { Button } from '../../ui/button';
import { Select } from '../../ui/field';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { EmptyState } from '../../ui/states';
import { LetterDialog } from './letter-dialog';
import { LetterTable } from './letter-table';
import { useWords } from './words';

const asKind = (value: string | undefined): DeadLetterKind | undefined =>
  deadLetterKinds.find((kind) => kind === value);

/** What was set aside, for those who may decide what becomes of it. */
export function DeadLettersPage() {
  const t = useWords();
  const [filters, change] = useUrlFilters();
  const kind = asKind(filters['kind']);
  const [opened, open] = useState<DeadLetterView | null>(null);
  const query = useInfiniteQuery({
    queryKey: ['dead-letters', { kind }],
    queryFn: ({ signal, pageParam }) =>
      call('GET /dead-letters', { query: { kind, cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    // No event tells of them: they are rare.
    refetchInterval: 15_000,
  });
  return (
    <Page
      title={t('title')}
      hint={t('hint')}
      actions={<KindFilter kind={kind} onChange={(next) => change({ kind: next })} />}
    >
      <Loaded query={query} lines={6}>
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          if (rows.length > 0) return <LetterTable rows={rows} onOpen={open} pages={query} />;
          if (!kind) return <EmptyState title={t('empty')} hint={t('emptyHint')} />;
          const showAll = () => change({ kind: undefined });
          return (
            <EmptyState title={t('noneOfKind')} action={<Button onClick={showAll}>{t('showAll')}</Button>} />
          );
        }}
      </Loaded>
      {opened && <LetterDialog letter={opened} onClose={() => open(null)} />}
    </Page>
  );
}

function KindFilter({ kind, onChange }: { kind?: DeadLetterKind; onChange: (next: string) => void }) {
  const t = useWords();
  return (
    <Select
      aria-label={t('kind')}
      value={kind ?? ''}
      onChange={(event) => onChange(event.target.value)}
      className="w-auto!"
    >
      <option value="">{t('allKinds')}</option>
      {deadLetterKinds.map((one) => (
        <option key={one} value={one}>
          {t(`kind.${one}`)}
        </option>
      ))}
    </Select>
  );
}
