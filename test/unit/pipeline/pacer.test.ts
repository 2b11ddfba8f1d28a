import type { Paces } from '../../../src/domain/pace';
import { Pacer } from '../../../src/pipeline/pacer';

const start = Date.parse('2026-11-01T00:00:00Z');
const at = (ms: number) => new Date(start + ms);
const chat = (threadId: string, count = 1) => ({ accountId: 'bot', threadId, count });
const telegram: Paces = {
  thread: { messages: 3, perMs: 3_000 },
  account: { messages: 30, perMs: 1_000 },
};

/** Sends as soon as it may, as the lanes do; answers when each went. */
function send(pacer: Pacer, askers: ReturnType<typeof chat>[], paces: Paces, from = 0): number[] {
  const went: number[] = [];
  const calls = askers.map((asker) => ({ asker, ms: from }));
  while (calls.length > 0) {
    calls.sort((a, b) => a.ms - b.ms);
    const call = calls.shift();
    if (!call) break;
    const later = pacer.take(call.asker, paces, at(call.ms));
    if (later) calls.push({ ...call, ms: later.getTime() - start });
    else went.push(call.ms);
  }
  return went;
}

/** The most that went in any stretch of that length. */
const densest = (went: number[], perMs: number): number =>
  Math.max(...went.map((ms) => went.filter((other) => other >= ms && other < ms + perMs).length));

test('a chat takes three at once and then one a second on average; none is refused', () => {
  const went = send(new Pacer(), Array(9).fill(chat('one')) as ReturnType<typeof chat>[], telegram);
  expect(went).toEqual([0, 0, 0, 3_000, 3_000, 3_000, 6_000, 6_000, 6_000]);
});

test('a bot sends at most thirty in any second, to however many chats', () => {
  const askers = Array.from({ length: 200 }, (_unused, index) => chat(`chat ${index}`));
  const went = send(new Pacer(), askers, telegram);
  expect(went).toHaveLength(200);
  expect(densest(went, 1_000)).toBe(30);
  expect(Math.max(...went)).toBe(6_000);
});

test('of many that wait each is called back once', () => {
  const pacer = new Pacer();
  const first = Array.from({ length: 100 }, (_unused, index) =>
    pacer.take(chat(`chat ${index}`), telegram, at(0)),
  );
  for (const [index, place] of first.entries())
    if (place) expect(pacer.take(chat(`chat ${index}`), telegram, place)).toBeNull();
  expect(first.filter((place) => place === null)).toHaveLength(30);
});

test('a text that becomes several messages takes as many places', () => {
  expect(send(new Pacer(), [chat('one', 2), chat('one', 2)], telegram)).toEqual([0, 3_000]);
  expect(send(new Pacer(), [chat('one', 9), chat('one', 1)], telegram)).toEqual([0, 3_000]);
});

test('accounts and chats do not wait for each other, and a clock that is set back holds nothing up', () => {
  const pacer = new Pacer();
  send(pacer, Array(3).fill(chat('one')) as ReturnType<typeof chat>[], telegram);
  expect(pacer.take(chat('one'), telegram, at(0))).not.toBeNull();
  expect(pacer.take(chat('two'), telegram, at(0))).toBeNull();
  expect(pacer.take({ ...chat('three'), accountId: 'other' }, telegram, at(0))).toBeNull();
  expect(pacer.take(chat('one'), telegram, at(-3_600_000))).toBeNull();
});
