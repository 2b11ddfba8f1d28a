import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../../lib/api';
import { Badge } from '../../../ui/badge';
import { SlaPill } from '../../../ui/sla-pill';
import { PriorityBadge, TicketStatusBadge } from '../../../ui/status-badges';
import { useUiWords } from '../../../ui/words';
import { useWords } from '../words';
import { Section } from './section';

/** The ticket of the open conversation, with all its clocks. */
export function CurrentTicket({ id }: { id: string }) {
  const t = useWords();
  const ui = useUiWords();
  const { data } = useQuery({
    queryKey: ['tickets', id],
    queryFn: ({ signal }) => call('GET /tickets/:id', { params: { id }, signal }),
  });
  if (!data) return null;
  const running = data.clocks.filter(
    ({ state }) => state === 'running' || state === 'paused' || state === 'breached',
  );
  return (
    <Section title={t('ticket')}>
      <Link
        to="/tickets/$ticketId"
        params={{ ticketId: id }}
        className="block rounded-xl border border-line bg-raised p-3 hover:border-line-strong"
      >
        <p className="flex items-baseline gap-2">
          <span className="tabular text-muted">#{data.number}</span>
          <span className="min-w-0 flex-1 font-medium break-words">{data.subject}</span>
        </p>
        <p className="mt-2 flex flex-wrap gap-1.5">
          <TicketStatusBadge status={data.status} />
          <PriorityBadge priority={data.priority} />
          {data.team && <Badge>{data.team.name}</Badge>}
        </p>
        {running.length > 0 && (
          <dl className="mt-2.5 flex flex-col gap-1.5 text-[13px]">
            {running.map((clock) => (
              <div key={clock.metric} className="flex items-center justify-between gap-2">
                <dt className="text-muted">{ui(`metric.${clock.metric}`)}</dt>
                <dd>
                  <SlaPill clock={clock} />
                </dd>
              </div>
            ))}
          </dl>
        )}
      </Link>
    </Section>
  );
}
