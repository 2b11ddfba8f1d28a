import type { DeliveryErrorClass } from '../../src/domain/delivery';
import { inboundOf } from '../support/path-node';
import { openPathBench } from '../support/path-bench';
import { readStore } from '../support/path-oracle';
import type { Behaviour } from '../support/platform-stand-in';
import { chooseSeed, seededRandom, shuffled } from '../support/random';
import { closeStore } from '../support/store';

const random = seededRandom(chooseSeed('trouble'));
let bench: Awaited<ReturnType<typeof openPathBench>>;
beforeAll(async () => (bench = await openPathBench()));
afterAll(async () => {
  await bench.close();
  await closeStore();
});

const users = (count: number) => Array.from({ length: count }, (_unused, index) => `user${index}`);

test('each webhook five times, shuffled and at once on two servers, is one message with one reply', () =>
  bench.scene(async ({ node, deliver, drained, breaks, acknowledged, witness }) => {
    const nodes = [await node('a'), await node('b')];
    const all = users(5).flatMap((user) => [1, 2, 3, 4].map((place) => inboundOf(user, place, `question ${place}`)));
    const deliveries = shuffled(
      all.flatMap((inbound) => [inbound, inbound, inbound, inbound, inbound]),
      random,
    );
    await Promise.all(deliveries.map((inbound, index) => deliver(nodes[index % 2] as never, inbound)));
    await drained();
    expect(acknowledged).toHaveLength(100);
    expect(await breaks()).toEqual([]);
    expect((await readStore(witness)).outbox).toHaveLength(20);
  }), 60_000); // prettier-ignore

test('different first messages of a new contact within 5 ms open one conversation', () =>
  bench.scene(async ({ node, deliver, drained, breaks, witness }) => {
    const nodes = [await node('a'), await node('b')];
    const firsts = users(12).flatMap((user) => [1, 2, 3].map((place) => inboundOf(user, place, `first ${place}`)));
    await Promise.all(firsts.map((inbound, index) => deliver(nodes[index % 2] as never, inbound)));
    await drained();
    expect(await breaks()).toEqual([]);
    expect((await readStore(witness)).conversations).toHaveLength(12);
  }), 60_000); // prettier-ignore

const failing = (
  errorClass: DeliveryErrorClass,
  accepts: boolean,
  retryAfterMs: number | null = null,
): Behaviour => ({
  accepts,
  outcome: { ok: false, errorClass, message: errorClass, platformCode: null, retryAfterMs },
});
const taken: Behaviour = { accepts: true, outcome: { ok: true, externalId: null } };
const storms: [string, Behaviour][] = [
  ['429 with Retry-After', failing('retry', false, 20_000)],
  ['500', failing('retry', false)],
  ['401', failing('token', false)],
  ['a reset before it was accepted', failing('retry', false)],
  ['a reset after it was accepted', failing('unknown', true)],
  ['a stall that ends in nothing', failing('unknown', false)],
  ['200 with garbage', failing('unknown', true)],
];

test.each(storms)('a platform that answers %s now and then costs no message and sends none twice', (_name, behaviour) =>
  bench.scene(async ({ node, deliver, drained, breaks, platform }) => {
    const server = await node('a');
    platform.behave = () => (random() < 0.4 ? behaviour : taken);
    for (const user of users(5))
      for (const place of [1, 2, 3]) await deliver(server, inboundOf(user, place, `question ${place}`));
    await drained();
    expect(await breaks()).toEqual([]);
  }), 60_000); // prettier-ignore

test('a server stopped at any of its awaits past its lease, and then going on, doubles nothing', async () => {
  for (let life = 0; life < 8; life++)
    await bench.scene(async ({ node, deliver, until, drained, breaks, witness }) => {
      const pauseAt = 5 + Math.floor(random() * 250);
      const stopped = await node('stopped', { pauseAt });
      const texts = ['hello', 'where is it', 'a person please', 'still there?'];
      const arriving = texts.map((text, index) => inboundOf('ann', index + 1, text));
      void Promise.all(arriving.map((inbound) => deliver(stopped, inbound)));
      await until(() => stopped.failpoints.isPaused);
      const other = await node('other');
      await Promise.all(arriving.map((inbound) => deliver(other, inbound)));
      await drained();
      // Found half sent, flagged, and left to a person: the stopped server may yet send these, late, and nothing can stop it.
      const { outbox } = await readStore(witness);
      const flagged = outbox.filter(({ state }) => state === 'unknown').map(({ messageId }) => messageId);
      stopped.failpoints.resume();
      await drained();
      let found: string[] = [];
      // What it was about to write may come after the queues were found empty.
      await until(async () => {
        found = (await breaks()).filter(
          (text) => !flagged.some((key) => text.startsWith(`I4: ${String(key)} was sent`)),
        );
        return !found.some((text) => text.startsWith('I6'));
      });
      expect([pauseAt, ...found]).toEqual([pauseAt]);
    });
}, 120_000);

test('a wall clock that jumps an hour, back or forth, stops no message', () =>
  bench.scene(async ({ node, deliver, until, drained, breaks, clock, platform }) => {
    const [first, second] = [await node('a'), await node('b')];
    for (const jumpMs of [3_600_000, -3_600_000, -3_600_000, 3_600_000]) {
      const before = platform.accepted.length;
      for (const user of users(4))
        await deliver(random() < 0.5 ? first : second, inboundOf(user, before + 1, `after ${before}`));
      clock.jump(jumpMs);
      await until(() => platform.accepted.length === before + 4);
    }
    await drained();
    expect(await breaks()).toEqual([]);
  }), 60_000); // prettier-ignore

test.each([3_600_000, -3_600_000])(
  'a wall clock that jumps by %i ms brings no call before Retry-After, and puts none off',
  (jumpMs) =>
    bench.scene(async ({ node, deliver, drained, until, breaks, platform, clock }) => {
      const server = await node('a');
      const calledAt: number[] = [];
      platform.behave = (_outgoing, call) => {
        calledAt.push(clock.passedMs());
        return call === 1 ? failing('retry', false, 30_000) : taken;
      };
      await deliver(server, inboundOf('first', 1, 'hello'));
      await until(() => calledAt.length === 1);
      clock.jump(jumpMs);
      for (const user of users(3)) await deliver(server, inboundOf(user, 1, 'hello'));
      await drained();
      expect(calledAt).toHaveLength(5);
      for (const at of calledAt.slice(1)) {
        expect(at - (calledAt[0] ?? 0)).toBeGreaterThanOrEqual(30_000);
        expect(at - (calledAt[0] ?? 0)).toBeLessThan(300_000);
      }
      expect(await breaks()).toEqual([]);
    }),
  60_000,
);

test.each(['before', 'after'] as const)(
  'while the store cannot be reached (cut %s the command) nothing is acknowledged, and all goes on by itself',
  (cut) =>
    bench.scene(async ({ node, deliver, until, drained, breaks, acknowledged, clock }) => {
      const server = await node('a');
      for (const user of users(4)) await deliver(server, inboundOf(user, 1, 'before the cut'));
      server.failpoints.storeIsAway = cut;
      const during = users(4).map((user) => inboundOf(user, 2, 'in the cut'));
      expect(await Promise.all(during.map((inbound) => deliver(server, inbound)))).toEqual(
        during.map(() => false),
      );
      const cutAt = clock.now().getTime();
      await until(() => clock.now().getTime() > cutAt + 30_000);
      server.failpoints.storeIsAway = false;
      // The platform delivers again what was not acknowledged.
      for (const inbound of during) await deliver(server, inbound);
      await drained();
      expect(acknowledged).toHaveLength(8);
      expect(await breaks()).toEqual([]);
    }),
  60_000,
);

test.each([
  ['the only server', 1],
  ['a server whose lanes another one takes over meanwhile', 2],
])('what %s cannot note of a sent message is noted once the store is back', (_name, count) =>
  bench.scene(async ({ node, deliver, until, drained, breaks, clock, platform, witness }) => {
    const server = await node('a');
    platform.behave = () => {
      server.failpoints.storeIsAway = random() < 0.5 ? 'before' : 'after';
      return taken;
    };
    for (const user of users(4)) await deliver(server, inboundOf(user, 1, 'hello'));
    await until(() => platform.accepted.length > 0);
    const cutAt = clock.now().getTime();
    if (count === 2) await node('b');
    await until(() => clock.now().getTime() > cutAt + 30_000);
    server.failpoints.storeIsAway = false;
    platform.behave = () => taken;
    await drained();
    // A mark whose answer was lost: only who made it knows that nothing was sent under it.
    const mustBeSent = (key: unknown) => count === 1 || platform.accepted.some((one) => one.key === key);
    const unsettled = async () =>
      (await readStore(witness)).outbox.filter(({ messageId, state }) => mustBeSent(messageId) && state !== 'sent');
    await until(async () => (await unsettled()).length === 0);
    await drained();
    expect(await breaks()).toEqual([]);
  }), 90_000); // prettier-ignore

test('a platform that never answers holds up no other account', () =>
  bench.scene(async ({ node, deliver, until, platform }) => {
    const server = await node('a');
    platform.stalls = ({ accountId }) => accountId === 'slow';
    for (const user of users(100)) await deliver(server, inboundOf(user, 1, 'hello', 'slow'));
    await until(() => platform.calls.filter(({ accountId }) => accountId === 'slow').length >= 40);
    for (const user of users(5)) await deliver(server, inboundOf(user, 1, 'hello', 'quick'));
    await until(() => platform.accepted.filter(({ accountId }) => accountId === 'quick').length === 5);
    expect(platform.accepted.filter(({ accountId }) => accountId === 'slow')).toEqual([]);
  }), 60_000); // prettier-ignore

test('an account that says Retry-After is not called before, for any of its customers', () =>
  bench.scene(async ({ node, deliver, until, drained, breaks, platform }) => {
    const server = await node('a');
    platform.behave = (_outgoing, call) => (call === 1 ? failing('retry', false, 30_000) : taken);
    await deliver(server, inboundOf('first', 1, 'hello'));
    await until(() => platform.calls.length === 1);
    for (const user of users(5)) await deliver(server, inboundOf(user, 1, 'hello'));
    await drained();
    const [refused, ...later] = platform.calls;
    for (const call of later) expect(call.at - (refused?.at ?? 0)).toBeGreaterThanOrEqual(30_000);
    expect(await breaks()).toEqual([]);
  }), 60_000); // prettier-ignore
