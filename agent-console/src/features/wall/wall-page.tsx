import { useQuery } from '@tanstack/react-query';
import { Maximize, Minimize, WifiOff } from 'lucide-react';
import { useRef } from 'react';
import { call } from '../../lib/api';
import { useConnection } from '../../lib/realtime/connection';
import { fullTime } from '../../lib/time';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Loaded } from '../../ui/loaded';
import { AgentGrid } from './agent-grid';
import { BreachList } from './breach-list';
import { Figures } from './figures';
import { QueueTiles } from './queue-tiles';
import { useFullScreen } from './use-full-screen';
import { WallClock } from './wall-clock';
import { useWords } from './words';

/** Events read it anew within a second; the slow poll is for what no event tells, such as a day that passes. */
const pollMs = 15_000;

/** What a supervisor looks at from across the room. */
export function WallPage() {
  const t = useWords();
  const frame = useRef<HTMLElement>(null);
  const [isFull, toggleFull] = useFullScreen(frame);
  const live = useConnection(({ state }) => state !== 'lost');
  const query = useQuery({
    queryKey: ['wall'],
    queryFn: ({ signal }) => call('GET /wall', { signal }),
    refetchInterval: pollMs,
  });
  return (
    <main ref={frame} className="flex h-full min-w-0 flex-col bg-page">
      <header className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-4 md:px-6">
        <h1 className="mr-auto text-xl font-semibold">{t('title')}</h1>
        {!live && query.data && (
          <Badge tone="warn" icon={<WifiOff className="size-3.5" aria-hidden />}>
            {t('stale', { time: fullTime(query.data.at) })}
          </Badge>
        )}
        <WallClock />
        <Button
          size="small"
          onClick={toggleFull}
          icon={
            isFull ? <Minimize className="size-4" aria-hidden /> : <Maximize className="size-4" aria-hidden />
          }
        >
          {t(isFull ? 'leaveFullScreen' : 'fullScreen')}
        </Button>
      </header>
      <div
        role="region"
        aria-label={t('title')}
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto p-4 outline-offset-[-2px]! md:px-6"
      >
        <Loaded query={query} lines={6}>
          {(wall) => (
            <div className="flex flex-col gap-4">
              <Figures wall={wall} />
              <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
                <div className="flex min-w-0 flex-col gap-4">
                  <QueueTiles wall={wall} />
                  <AgentGrid agents={wall.agents} />
                </div>
                <BreachList wall={wall} />
              </div>
            </div>
          )}
        </Loaded>
      </div>
    </main>
  );
}
