import { noLimits } from '../../../src/channels/host/limits';
import { ReplyGate } from '../../../src/desk/conversations/reply-gate';

const now = new Date('2024-05-01T12:00:00Z');
const closesAt = new Date('2024-05-03T12:00:00Z');
const content = { type: 'text', text: 'Hello' };
const thread = (left: number, takenBy = '') => ({ replyWindow: { closesAt, left }, takenBy });
const row = (state: string, claim: string | null = null) => ({ state, claim, content });

/** Answers each read with the next of these, and then with the last again. */
const read = <T>(answers: T[]) => {
  let at = 0;
  return () => Promise.resolve(answers[Math.min(at++, answers.length - 1)]);
};
function outcome(threads: object[], waiting: object[][]): Promise<string> {
  const gate = new ReplyGate({
    threads: { byId: read(threads) },
    outbox: { waitingIn: read(waiting) },
    clock: { now: () => now },
    limitsOf: () => noLimits,
  } as never);
  return gate.require({ threadId: 'th', accountId: 'ac' } as never, content as never).then(
    () => 'may be written',
    ({ code }: { code: string }) => code,
  );
}

test.each([
  ['one that waits', [row('pending')], [thread(1)], 'quota_used'],
  ['one that is about to take', [row('sending', 'c1')], [thread(1, 'c0')], 'quota_used'],
  ['one that has taken', [row('sending', 'c1')], [thread(1, 'c1')], 'may be written'],
  ['one that has taken, and one behind it', [row('sending', 'c1'), row('pending')], [thread(1, 'c1')], 'quota_used'],
  ['nothing', [], [thread(1)], 'may be written'],
])('of a window with one message left %s decides', async (_what, waiting, threads, expected) => {
  expect(await outcome(threads, [waiting])).toBe(expected);
}); // prettier-ignore

test('what is taken and sent between two reads is neither forgotten nor counted twice', async () => {
  const taken = [thread(1, 'c0'), thread(0, 'c1')];
  expect(await outcome(taken, [[], []])).toBe('quota_used');
  const takenOfTwo = [thread(2, 'c0'), thread(1, 'c1')];
  expect(await outcome(takenOfTwo, [[row('pending')], [row('sending', 'c1')]])).toBe('may be written');
});
