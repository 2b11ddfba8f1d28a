import { useEffect } from 'react';
import { startInbox } from '../features/inbox/store/inbox';
import { useMissed } from '../features/inbox/store/notices';
import { listenForKeys } from '../lib/commands';
import { goLive } from '../lib/realtime/live';
import { refreshQueries } from '../lib/realtime/refresh-queries';

let started = false;
function startOnce(): void {
  if (!started) {
    started = true;
    refreshQueries();
    startInbox();
  }
  goLive();
}

/** For as long as somebody is signed in: the feed, the keys, and the count in the page's title. */
export function useLive(): void {
  useEffect(startOnce, []);
  useEffect(listenForKeys, []);
  const missed = useMissed(({ count }) => count);
  useEffect(() => {
    document.title = missed > 0 ? `(${missed}) Parley` : 'Parley';
  }, [missed]);
  useEffect(() => {
    const clear = () => void (!document.hidden && useMissed.setState({ count: 0 }));
    document.addEventListener('visibilitychange', clear);
    return () => document.removeEventListener('visibilitychange', clear);
  }, []);
}
