import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ChannelView } from '../../../../src/contract/channels';
import { call } from '../../lib/api';
import { useMay } from '../../lib/session';
import { Button } from '../../ui/button';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { EmptyState } from '../../ui/states';
import { AccountCard } from './account-card';
import { AddAccount } from './add-account';
import { EditAccount } from './edit-account';
import { useWords } from './words';

/** No event tells of health, so it is asked for. */
const pollMs = 10_000;

export function ChannelsPage() {
  const t = useWords();
  const mayEdit = useMay('admin');
  const [adding, setAdding] = useState(false);
  const [edited, setEdited] = useState<ChannelView | null>(null);
  const query = useQuery({
    queryKey: ['channels'],
    queryFn: ({ signal }) => call('GET /channels', { signal }),
    refetchInterval: pollMs,
  });
  const add = mayEdit && (
    <Button tone="primary" onClick={() => setAdding(true)} icon={<Plus className="size-4" aria-hidden />}>
      {t('add')}
    </Button>
  );
  return (
    <Page title={t('title')} hint={t('hint')} actions={add}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('empty')} hint={t('emptyHint')} action={add} />
          ) : (
            <ul className="grid gap-4 lg:grid-cols-2 2xl:grid-cols-3">
              {items.map((account) => (
                <li key={account.id} className="min-w-0">
                  <AccountCard account={account} onEdit={mayEdit ? () => setEdited(account) : undefined} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {adding && <AddAccount onClose={() => setAdding(false)} />}
      {edited && <EditAccount account={edited} onClose={() => setEdited(null)} />}
    </Page>
  );
}
