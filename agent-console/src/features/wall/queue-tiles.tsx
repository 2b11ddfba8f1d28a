import { Coffee, Timer } from 'lucide-react';
import type { WallView } from '../../../../src/contract/wall';
import { useNow } from '../../lib/now';
import { asCountdown } from '../../lib/time';
import { Card } from '../../ui/page';
import { State } from '../../ui/states';
import { useWords } from './words';

export function QueueTiles({ wall }: { wall: WallView }) {
  const t = useWords();
  const most = Math.max(1, ...wall.queues.map(({ waiting }) => waiting));
  return (
    <Card title={t('queues')}>
      {wall.queues.length === 0 ? (
        <State icon={<Coffee aria-hidden />} title={t('queuesEmpty')} hint={t('queuesEmptyHint')} />
      ) : (
        <ul className="grid gap-px bg-line sm:grid-cols-2">
          {wall.queues.map((queue) => (
            <li key={queue.teamId ?? ''} className="bg-panel p-4 last:odd:sm:col-span-2">
              <Queue queue={queue} most={most} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Queue({ queue, most }: { queue: WallView['queues'][number]; most: number }) {
  const t = useWords();
  const now = useNow();
  const { name, waiting, longestWaitSince } = queue;
  return (
    <>
      <p className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{name ?? t('noTeam')}</span>
        <span className="tabular text-2xl font-semibold">{waiting}</span>
        <span className="sr-only">{t('waitingCount', { count: waiting })}</span>
      </p>
      <div aria-hidden className="mt-2 h-1.5 overflow-hidden rounded-full bg-hover">
        <div className="h-full rounded-full bg-accent" style={{ width: `${(waiting / most) * 100}%` }} />
      </div>
      {longestWaitSince && (
        <p className="tabular mt-2 flex items-center gap-1 text-xs text-muted">
          <Timer className="size-3.5" aria-hidden />
          {t('longestWait')} {asCountdown(now - Date.parse(longestWaitSince))}
        </p>
      )}
    </>
  );
}
