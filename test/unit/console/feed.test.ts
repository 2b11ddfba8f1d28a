import { Feed } from '../../../agent-console/src/lib/realtime/feed';
import type { ReadyEvent, ResumeAnswer, ServerEvent } from '../../../src/contract/events';

const at = '2026-01-01T00:00:00.000Z';
const event = (seq: number, prev: number) =>
  ({ seq, prev, type: 'message:created', at, data: {} }) as unknown as ServerEvent;
const ready = (seq: number, teamIds: string[] = []): ReadyEvent => ({
  seq,
  prev: seq,
  type: 'ready',
  at,
  data: { contractVersion: 1, role: 'agent', teamIds },
});

function feedWith(answers: (ResumeAnswer | Error)[]) {
  const seen: number[] = [];
  const asked: number[] = [];
  const counts = { resets: 0, settled: 0 };
  const feed = new Feed({
    resume(cursor) {
      asked.push(cursor);
      const answer = answers.shift() ?? new Error('nothing to answer');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    apply: ({ seq }) => void seen.push(seq),
    reset: () => void (counts.resets += 1),
    settled: () => void (counts.settled += 1),
  });
  return { feed, seen, asked, counts };
}
const turn = () => new Promise((resume) => setImmediate(resume));

test('the first connecting reads everything and goes on from the head', () => {
  const { feed, seen, counts } = feedWith([]);
  feed.ready(ready(40));
  feed.take(event(47, 40));
  expect(seen).toEqual([47]);
  expect(counts.resets).toBe(1);
});

test('numbers that others may see are no gap, and what came already is dropped', () => {
  const { feed, seen, asked } = feedWith([]);
  feed.ready(ready(10));
  for (const one of [event(13, 10), event(13, 10), event(19, 13)]) feed.take(one);
  expect(seen).toEqual([13, 19]);
  expect(asked).toEqual([]);
});

test('a gap is filled before anything after it is shown', async () => {
  const { feed, seen, asked } = feedWith([{ events: [event(12, 10), event(15, 12)] }]);
  feed.ready(ready(10));
  feed.take(event(15, 12));
  feed.take(event(16, 15));
  expect(seen).toEqual([]);
  await turn();
  expect(asked).toEqual([10]);
  expect(seen).toEqual([12, 15, 16]);
});

test('a reconnection resumes from the cursor, without reading everything', async () => {
  const { feed, seen, asked, counts } = feedWith([{ events: [event(11, 10), event(12, 11)] }]);
  feed.ready(ready(10));
  feed.ready(ready(12));
  await turn();
  expect([seen, asked, counts.resets]).toEqual([[11, 12], [10], 1]);
});

test('who comes back with other teams reads everything, whatever the numbers say', () => {
  const { feed, seen, asked, counts } = feedWith([]);
  feed.ready(ready(10, ['care']));
  feed.ready(ready(10, ['care', 'sales']));
  expect(counts.resets).toBe(2);
  feed.ready(ready(30, ['sales']));
  feed.take(event(31, 30));
  expect([seen, asked, counts.resets]).toEqual([[31], [], 3]);
});

test('a silent gap is found by the head', async () => {
  const { feed, seen } = feedWith([{ events: [event(11, 10)] }]);
  feed.ready(ready(10));
  feed.noteHead(10);
  feed.noteHead(11);
  await turn();
  expect(seen).toEqual([11]);
});

test('when too much is missing it starts anew from the head', async () => {
  const { feed, seen, counts } = feedWith([{ reset: true }]);
  feed.ready(ready(10));
  feed.ready(ready(5_000));
  await turn();
  expect(counts.resets).toBe(2);
  feed.take(event(5_003, 5_000));
  expect(seen).toEqual([5_003]);
});

test('a connection lost while catching up tries again at the next', async () => {
  const { feed, seen } = feedWith([new Error('gone'), { events: [event(11, 10), event(12, 11)] }]);
  feed.ready(ready(10));
  feed.take(event(12, 11));
  await turn();
  expect(seen).toEqual([]);
  feed.ready(ready(12));
  await turn();
  expect(seen).toEqual([11, 12]);
});
