import { Link } from '@tanstack/react-router';
import { CircleCheck, MessageSquare } from 'lucide-react';
import type { WallView } from '../../../../src/contract/wall';
import { useNow } from '../../lib/now';
import { asCountdown } from '../../lib/time';
import { Avatar } from '../../ui/avatar';
import { Card } from '../../ui/page';
import { State } from '../../ui/states';
import { useUiWords } from '../../ui/words';
import { useWords } from './words';

/** What is late already, the latest of all first; each leads to where it can be mended. */
export function BreachList({ wall }: { wall: WallView }) {
  const t = useWords();
  const { breaches, breached } = wall;
  return (
    <Card title={t('breaches')}>
      {breaches.length === 0 ? (
        <State icon={<CircleCheck aria-hidden />} title={t('breachesEmpty')} hint={t('breachesEmptyHint')} />
      ) : (
        <ul className="divide-y divide-line">
          {breaches.map((breach) => (
            <li key={`${breach.ticketId} ${breach.metric}`}>
              <Breach breach={breach} />
            </li>
          ))}
        </ul>
      )}
      {breached > breaches.length && (
        <Link
          to="/tickets"
          className="block border-t border-line p-3 text-center text-[13px] text-accent-ink hover:bg-hover"
        >
          {t('breachesMore', { count: breached - breaches.length })}
        </Link>
      )}
    </Card>
  );
}

function Breach({ breach }: { breach: WallView['breaches'][number] }) {
  const t = useWords();
  const ui = useUiWords();
  const now = useNow();
  const { ticketId, number, subject, contact, channel, metric, dueAt, conversationId, assignee, team } =
    breach;
  return (
    <div className="flex items-center gap-3 px-4 py-3 hover:bg-hover">
      <Avatar name={contact.name} channel={channel} />
      <div className="min-w-0 flex-1">
        <Link
          to="/tickets/$ticketId"
          params={{ ticketId }}
          className="block truncate font-medium hover:underline"
        >
          <span className="tabular text-muted">#{number}</span> {contact.name}
        </Link>
        <p className="truncate text-[13px] text-muted">{subject}</p>
        <p className="truncate text-xs">
          <span className="tabular font-medium text-bad">
            {ui(`metric.${metric}`)} · {t('late', { time: asCountdown(now - Date.parse(dueAt)) })}
          </span>
          <span className="text-muted"> · {assignee?.name ?? team?.name ?? t('nobody')}</span>
        </p>
      </div>
      {conversationId && (
        <Link
          to="/inbox"
          search={{ c: conversationId, view: 'all' }}
          aria-label={`${t('openChat')}: ${contact.name}`}
          title={t('openChat')}
          className="flex size-9 shrink-0 items-center justify-center rounded-lg text-muted hover:bg-selected hover:text-ink"
        >
          <MessageSquare className="size-4" aria-hidden />
        </Link>
      )}
    </div>
  );
}
