import { useInfiniteQuery } from '@tanstack/react-query';
import { ticketStatuses, type TicketStatus } from '../../../../src/domain/ticket';
import { call } from '../../lib/api';
import { useUrlFilters } from '../../lib/use-url-filters';
import { Button } from '../../ui/button';
import { Select } from '../../ui/field';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { TypedSearch } from '../../ui/typed-search';
import { EmptyState } from '../../ui/states';
import { useUiWords } from '../../ui/words';
import { TicketTable } from './ticket-table';
import { useWords } from './words';

const asStatus = (value: string | undefined): TicketStatus | undefined =>
  ticketStatuses.find((status) => status === value);

export function TicketsPage() {
  const t = useWords();
  const [filters, change] = useUrlFilters();
  const { assignee, q } = filters;
  const status = asStatus(filters['status']);
  const query = useInfiniteQuery({
    queryKey: ['tickets', { status, assignee, q }],
    queryFn: ({ signal, pageParam }) =>
      call('GET /tickets', { query: { status, assignee, q, cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const isFiltered = Boolean(status ?? assignee ?? q);
  return (
    <Page
      title={t('title')}
      actions={<Filters status={status} assignee={assignee} q={q} onChange={change} />}
    >
      <Loaded query={query} lines={8}>
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          if (rows.length > 0) return <TicketTable rows={rows} pages={query} />;
          if (!isFiltered) return <EmptyState title={t('empty')} hint={t('emptyHint')} />;
          const clear = () => change({ status: undefined, assignee: undefined, q: undefined });
          return <EmptyState title={t('noMatch')} action={<Button onClick={clear}>{t('clear')}</Button>} />;
        }}
      </Loaded>
    </Page>
  );
}

interface FiltersProps {
  status?: string;
  assignee?: string;
  q?: string;
  onChange: (change: Record<string, string | undefined>) => void;
}

function Filters({ status, assignee, q, onChange }: FiltersProps) {
  const t = useWords();
  const ui = useUiWords();
  return (
    <>
      <TypedSearch label={t('search')} given={q} onRest={(next) => onChange({ q: next || undefined })} />
      <Select
        aria-label={t('status')}
        value={status ?? ''}
        onChange={(event) => onChange({ status: event.target.value })}
        className="w-auto!"
      >
        <option value="">{t('allStatuses')}</option>
        {ticketStatuses.map((one) => (
          <option key={one} value={one}>
            {ui(`ticket.${one}`)}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t('assignee')}
        value={assignee ?? ''}
        onChange={(event) => onChange({ assignee: event.target.value })}
        className="w-auto!"
      >
        <option value="">{t('allAssignees')}</option>
        <option value="me">{t('mine')}</option>
        <option value="none">{t('nobody')}</option>
      </Select>
    </>
  );
}
