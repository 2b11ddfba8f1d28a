import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ticket } from 'lucide-react';
import type { ReactNode } from 'react';
import type { TimelineItem } from '../../../../src/contract/contacts';
import { call } from '../../lib/api';
import { clockTime, longDate } from '../../lib/time';
import { ChannelMark, useChannelName } from '../../ui/channel';
import { LoadMore } from '../../ui/load-more';
import { Loaded } from '../../ui/loaded';
import { Card } from '../../ui/page';
import { usePreview } from '../../ui/preview';
import { EmptyState } from '../../ui/states';
import { ConversationStatusBadge, PriorityBadge, TicketStatusBadge } from '../../ui/status-badges';
import { useWords } from './words';

/** Everything with this person on every channel, by day, newest first. */
export function Timeline({ contactId }: { contactId: string }) {
  const t = useWords();
  const query = useInfiniteQuery({
    queryKey: ['customers', contactId, 'timeline', 'pages'],
    queryFn: ({ signal, pageParam }) =>
      call('GET /contacts/:id/timeline', {
        params: { id: contactId },
        query: { cursor: pageParam, limit: 30 },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  return (
    <Card title={t('timeline')}>
      <Loaded query={query}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <EmptyState title={t('timelineEmpty')} />;
          return (
            <>
              {byDay(items).map(([day, ofDay]) => (
                <section key={day} aria-label={day}>
                  <h3 className="bg-raised px-4 py-1.5 text-xs font-medium text-muted">{day}</h3>
                  <ol className="divide-y divide-line">
                    {ofDay.map((item) => (
                      <Item
                        key={item.kind + (item.kind === 'ticket' ? item.ticket.id : item.conversation.id)}
                        item={item}
                      />
                    ))}
                  </ol>
                </section>
              ))}
              <LoadMore pages={query} />
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function byDay(items: TimelineItem[]): [string, TimelineItem[]][] {
  const days = new Map<string, TimelineItem[]>();
  for (const item of items) {
    const day = longDate(item.at);
    days.set(day, [...(days.get(day) ?? []), item]);
  }
  return [...days];
}

function Item({ item }: { item: TimelineItem }) {
  return item.kind === 'ticket' ? <TicketLine item={item} /> : <ConversationLine item={item} />;
}

const row = 'flex items-start gap-3 px-4 py-3 hover:bg-hover';

function TicketLine({ item: { at, ticket } }: { item: Extract<TimelineItem, { kind: 'ticket' }> }) {
  const t = useWords();
  return (
    <li>
      <Link to="/tickets/$ticketId" params={{ ticketId: ticket.id }} className={row}>
        <span className="flex size-5 shrink-0 items-center justify-center text-muted">
          <Ticket className="size-4" aria-hidden />
        </span>
        <Line at={at} title={`${t('ticket')} #${ticket.number} · ${ticket.subject}`}>
          <TicketStatusBadge status={ticket.status} />
          <PriorityBadge priority={ticket.priority} />
        </Line>
      </Link>
    </li>
  );
}

function ConversationLine({
  item: { at, conversation },
}: {
  item: Extract<TimelineItem, { kind: 'conversation' }>;
}) {
  const t = useWords();
  const nameOf = useChannelName();
  const preview = usePreview();
  const { id, channel, status, lastMessage, assignee } = conversation;
  return (
    <li>
      <Link to="/inbox" search={{ c: id, view: status === 'closed' ? 'resolved' : 'all' }} className={row}>
        <ChannelMark channel={channel} />
        <Line
          at={at}
          title={`${t('conversation')} · ${nameOf(channel)}`}
          text={lastMessage ? preview(lastMessage.text) : undefined}
        >
          <ConversationStatusBadge status={status} />
          {assignee && <span className="text-xs text-muted">{t('handledBy', { name: assignee.name })}</span>}
        </Line>
      </Link>
    </li>
  );
}

interface LineProps {
  at: string;
  title: string;
  text?: string;
  children: ReactNode;
}

function Line({ at, title, text, children }: LineProps) {
  return (
    <span className="min-w-0 flex-1">
      <span className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{title}</span>
        <time dateTime={at} className="shrink-0 text-xs text-muted">
          {clockTime(at)}
        </time>
      </span>
      {text && <span className="block truncate text-[13px] text-muted">{text}</span>}
      <span className="mt-1.5 flex flex-wrap items-center gap-1.5">{children}</span>
    </span>
  );
}
