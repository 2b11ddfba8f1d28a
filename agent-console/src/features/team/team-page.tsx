import type { FunctionComponent } from 'react';
import { Page } from '../../ui/page';
import { Tabs } from '../../ui/tabs';
import { useUrlFilters } from '../../lib/use-url-filters';
import { ChangePassword } from './change-password';
import { People } from './people';
import { Policies } from './policies';
import { Teams } from './teams';
import { useWords } from './words';

const parts = ['people', 'teams', 'promises', 'me'] as const;
type Part = (typeof parts)[number];
const contents: Record<Part, FunctionComponent> = {
  people: People,
  teams: Teams,
  promises: Policies,
  me: ChangePassword,
};

export function TeamPage() {
  const t = useWords();
  const [filters, change] = useUrlFilters();
  const shown = parts.find((part) => part === filters['part']) ?? 'people';
  return (
    <Page title={t('title')}>
      <Tabs
        label={t('sections')}
        value={shown}
        onChange={(part) => change({ part: part === 'people' ? undefined : part })}
        tabs={parts.map((part) => {
          const Content = contents[part];
          return {
            value: part,
            label: t(part),
            content: (
              <div className="pt-4">
                <Content />
              </div>
            ),
          };
        })}
      />
    </Page>
  );
}
