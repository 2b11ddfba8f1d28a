import { Link, useNavigate } from '@tanstack/react-router';
import type { TicketView } from '../../../../src/contract/tickets';
import { shortTime } from '../../lib/time';
import { Avatar } from '../../ui/avatar';
import { type Column, DataTable } from '../../ui/data-table';
import type { Pages } from '../../ui/load-more';
import { SlaPill } from '../../ui/sla-pill';
import { PriorityBadge, TicketStatusBadge } from '../../ui/status-badges';
import { nearestClock } from './nearest-clock';
import { useWords } from './words';

interface Props {
  rows: TicketView[];
  pages: Pages;
}

export function TicketTable({ rows, pages }: Props) {
  const t = useWords();
  const navigate = useNavigate();
  const open = ({ id }: TicketView) => void navigate({ to: '/tickets/$ticketId', params: { ticketId: id } });
  return (
    <DataTable
      label={t('title')}
      columns={useColumns()}
      rows={rows}
      rowKey={({ id }) => id}
      onOpen={open}
      pages={pages}
    />
  );
}

function useColumns(): Column<TicketView>[] {
  const t = useWords();
  return [
    { key: 'subject', title: t('subject'), cell: (row) => <Subject row={row} /> },
    {
      key: 'status',
      title: t('status'),
      from: 'md',
      cell: ({ status }) => <TicketStatusBadge status={status} />,
    },
    {
      key: 'priority',
      title: t('priority'),
      from: 'md',
      cell: ({ priority }) => <PriorityBadge priority={priority} />,
    },
    {
      key: 'assignee',
      title: t('assignee'),
      from: 'lg',
      cell: ({ assignee, team }) =>
        assignee ? (
          <span className="flex items-center gap-2 whitespace-nowrap">
            <Avatar name={assignee.name} size="small" />
            {assignee.name}
          </span>
        ) : (
          <span className="text-muted">{team?.name ?? t('nobody')}</span>
        ),
    },
    { key: 'deadline', title: t('deadline'), cell: (row) => <SlaPill clock={nearestClock(row.clocks)} /> },
    {
      key: 'updated',
      title: t('updated'),
      align: 'end',
      from: 'md',
      cell: ({ updatedAt }) => (
        <time dateTime={updatedAt} className="whitespace-nowrap text-muted">
          {shortTime(updatedAt)}
        </time>
      ),
    },
  ];
}

function Subject({ row }: { row: TicketView }) {
  return (
    <div className="flex min-w-0 items-center gap-3">
      <Avatar name={row.requester.name} channel={row.channel} size="small" />
      <div className="min-w-0">
        <Link
          to="/tickets/$ticketId"
          params={{ ticketId: row.id }}
          className="line-clamp-2 font-medium break-words hover:underline md:line-clamp-1"
        >
          {row.subject}
        </Link>
        <p className="tabular truncate text-xs text-muted">
          #{row.number} · {row.requester.name}
        </p>
        <p className="mt-1.5 flex flex-wrap gap-1.5 md:hidden">
          <TicketStatusBadge status={row.status} />
          <PriorityBadge priority={row.priority} />
        </p>
      </div>
    </div>
  );
}
