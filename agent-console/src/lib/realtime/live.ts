import type { ResumeAnswer, ServerEvent } from '../../../../src/contract/events';
import { learnServerTime } from '../now';
import { socket, useConnection } from './connection';
import { Feed } from './feed';

const listeners = new Set<(event: ServerEvent) => void>();
const resetListeners = new Set<() => void>();

/** Every lasting event, in order and without a gap. Returns how to stop. */
export function onEvent(listener: (event: ServerEvent) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** What is shown has to be read anew: at the first connecting, and when too much was missed. */
export function onReset(listener: () => void): () => void {
  resetListeners.add(listener);
  return () => void resetListeners.delete(listener);
}

const answerWithinMs = 10_000;

const feed = new Feed({
  async resume(cursor): Promise<ResumeAnswer> {
    useConnection.setState({ state: 'catching-up' });
    const answer = await socket.timeout(answerWithinMs).emitWithAck('resume', { cursor });
    if ('error' in answer) throw new Error(answer.error.message);
    return answer;
  },
  apply: (event) => listeners.forEach((listener) => listener(event)),
  reset: () => resetListeners.forEach((listener) => listener()),
  settled: () => useConnection.setState({ state: 'live' }),
});

let started = false;
/** Opens the socket of this page, once. */
export function goLive(): void {
  if (started) return void socket.connect();
  started = true;
  socket.on('event', (event) => (event.type === 'ready' ? feed.ready(event) : feed.take(event)));
  socket.on('head', ({ seq, now }) => {
    learnServerTime(now);
    feed.noteHead(seq);
  });
  socket.connect();
}
