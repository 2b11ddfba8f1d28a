import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { MessageSquare, UserRound } from 'lucide-react';
import type { TicketView } from '../../../../src/contract/tickets';
import { call } from '../../lib/api';
import { fullTime } from '../../lib/time';
import { Avatar } from '../../ui/avatar';
import { useChannelName } from '../../ui/channel';
import { Loaded } from '../../ui/loaded';
import { Card } from '../../ui/page';
import { PriorityBadge, TicketStatusBadge } from '../../ui/status-badges';
import { BackLink } from './back-link';
import { Clocks } from './clocks';
import { History } from './history';
import { Properties } from './properties';
import { useWords } from './words';

export function TicketPage() {
  const { ticketId } = useParams({ from: '/shell/tickets/$ticketId' });
  const query = useQuery({
    queryKey: ['tickets', ticketId],
    queryFn: ({ signal }) => call('GET /tickets/:id', { params: { id: ticketId }, signal }),
  });
  return (
    <main className="h-full min-w-0 overflow-y-auto">
      <Loaded query={query} lines={6}>
        {(ticket) => <Ticket ticket={ticket} />}
      </Loaded>
    </main>
  );
}

function Ticket({ ticket }: { ticket: TicketView }) {
  return (
    <>
      <Heading ticket={ticket} />
      <div className="grid items-start gap-4 p-4 md:p-6 lg:grid-cols-[minmax(0,1fr)_20rem] xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="order-2 flex min-w-0 flex-col gap-4 lg:order-1">
          <Details ticket={ticket} />
          <History ticket={ticket} />
        </div>
        <div className="order-1 flex min-w-0 flex-col gap-4 lg:order-2">
          <Properties ticket={ticket} />
          <Clocks clocks={ticket.clocks} />
          <Requester ticket={ticket} />
        </div>
      </div>
    </>
  );
}

function Heading({ ticket }: { ticket: TicketView }) {
  const t = useWords();
  return (
    <header className="border-b border-line bg-panel px-4 py-3 md:px-6">
      <BackLink />
      <h1 className="mt-1 text-lg font-semibold break-words">
        <span className="tabular font-normal text-muted">#{ticket.number}</span> {ticket.subject}
      </h1>
      <p className="mt-1.5 flex flex-wrap items-center gap-1.5">
        <TicketStatusBadge status={ticket.status} />
        <PriorityBadge priority={ticket.priority} />
        <span className="ml-1 text-xs text-muted">
          {t('createdAt', { time: fullTime(ticket.createdAt) })}
        </span>
      </p>
    </header>
  );
}

/** What the bot and the flows collected before a person came. */
function Details({ ticket }: { ticket: TicketView }) {
  const t = useWords();
  const fields = Object.entries(ticket.fields);
  if (fields.length === 0) return null;
  return (
    <Card title={t('details')}>
      <dl className="grid gap-x-4 gap-y-1.5 p-4 text-[13px] sm:grid-cols-[10rem_1fr]">
        {fields.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="font-mono text-xs leading-5 text-muted">{name}</dt>
            <dd className="mb-1.5 break-words sm:mb-0">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

const link = 'flex items-center gap-2.5 px-4 py-2.5 text-[13px] text-accent-ink hover:bg-hover';

function Requester({ ticket }: { ticket: TicketView }) {
  const t = useWords();
  const channelName = useChannelName();
  const { requester, channel, conversationId } = ticket;
  return (
    <Card title={t('requester')}>
      <div className="flex items-center gap-3 px-4 py-3">
        <Avatar name={requester.name} channel={channel} />
        <div className="min-w-0">
          <p className="truncate font-medium">{requester.name}</p>
          <p className="text-xs text-muted">{channelName(channel)}</p>
        </div>
      </div>
      <div className="border-t border-line py-1">
        <Link to="/customers/$contactId" params={{ contactId: requester.id }} className={link}>
          <UserRound className="size-4" aria-hidden /> {t('openCustomer')}
        </Link>
        {conversationId && (
          <Link to="/inbox" search={{ c: conversationId, view: 'all' }} className={link}>
            <MessageSquare className="size-4" aria-hidden /> {t('openConversation')}
          </Link>
        )}
      </div>
    </Card>
  );
}
