import { useInfiniteQuery } from '@tanstack/react-query';
import { Bot, Clock, type LucideIcon, Settings2, UserRound, UserRoundCog } from 'lucide-react';
import type { TicketEventView, TicketView } from '../../../../src/contract/tickets';
import { call } from '../../lib/api';
import { fullTime } from '../../lib/time';
import { LoadMore } from '../../ui/load-more';
import { Loaded } from '../../ui/loaded';
import { Card } from '../../ui/page';
import { useEventLines } from './event-lines';
import { useWords } from './words';

/** All that happened to it, oldest first; nothing of it can be changed. */
export function History({ ticket }: { ticket: TicketView }) {
  const t = useWords();
  const query = useInfiniteQuery({
    queryKey: ['tickets', ticket.id, 'history'],
    queryFn: ({ signal, pageParam }) =>
      call('GET /tickets/:id/history', {
        params: { id: ticket.id },
        query: { cursor: pageParam, limit: 100 },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  return (
    <Card title={t('history')}>
      <Loaded query={query}>
        {({ pages }) => (
          <>
            <ol className="px-4 py-4">
              {pages
                .flatMap(({ items }) => items)
                .map((event) => (
                  <Entry key={event.id} event={event} />
                ))}
            </ol>
            <LoadMore pages={query} />
          </>
        )}
      </Loaded>
    </Card>
  );
}

const icons: Record<string, LucideIcon> = { bot: Bot, contact: UserRound, agent: UserRoundCog };

function Entry({ event }: { event: TicketEventView }) {
  const { who, lines, because } = useEventLines()(event);
  const Icon = event.type.startsWith('sla:') ? Clock : (icons[event.actor.kind] ?? Settings2);
  return (
    <li className="relative flex gap-3 pb-5 last:pb-0 [&:not(:last-child)]:before:absolute [&:not(:last-child)]:before:top-8 [&:not(:last-child)]:before:bottom-1 [&:not(:last-child)]:before:left-3.5 [&:not(:last-child)]:before:w-px [&:not(:last-child)]:before:bg-line">
      <span className="flex size-7 shrink-0 items-center justify-center rounded-full bg-raised text-muted ring-1 ring-line ring-inset">
        <Icon className="size-3.5" aria-hidden />
      </span>
      <div className="min-w-0 flex-1 pt-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{who}</span>
          {lines.length === 1 && <span className="min-w-0 break-words">{lines[0]}</span>}
          <time dateTime={event.at} className="text-xs text-muted">
            {fullTime(event.at)}
          </time>
        </p>
        {lines.length > 1 && (
          <ul className="mt-0.5">
            {lines.map((line) => (
              <li key={line} className="break-words">
                {line}
              </li>
            ))}
          </ul>
        )}
        {because && <p className="text-xs text-muted">{because}</p>}
      </div>
    </li>
  );
}
