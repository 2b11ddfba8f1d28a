import type { Connection } from 'mongoose';
import { Cases, firstCase } from '../../../src/cli/bench/timers/cases';
import { connectMongo } from '../../../src/platform/mongo/connection';
import type { Death } from '../../support/failpoint';
import { ManualClock } from '../../support/manual-clock';
import { clearStore } from '../../support/path-oracle';
import { startNode, type PathNode } from '../../support/path-node';
import { PlatformStandIn } from '../../support/platform-stand-in';
import { closeStore, freshDatabaseUrl } from '../../support/store';

const due = { from: firstCase, count: 200 };
// The store forgets events by the real time: those of another year would be gone before they are counted.
const clock = new ManualClock(new Date().toISOString());

let url: string;
let witness: Connection;
beforeAll(async () => {
  url = await freshDatabaseUrl();
  witness = await connectMongo(url);
  await (await start('indexes', { makesIndexes: true })).close();
});
beforeEach(async () => {
  await clearStore(witness);
  await new Cases(witness).addTickets(due);
  await new Cases(witness).addDue(due, { at: clock.now().getTime() - 1_000, withinMs: 1_000 });
});
afterAll(async () => {
  await witness.dropDatabase();
  await witness.close();
  await closeStore();
});

const start = (name: string, options: { death?: Death; makesIndexes?: boolean } = {}) =>
  startNode({ url, clock, platform: new PlatformStandIn(), name, ...options });

/** How many steps it took: every command to the store is one. */
async function sweep({ desk, failpoints }: PathNode): Promise<number> {
  const before = failpoints.steps;
  await desk.clocks.sweep(clock.now());
  return failpoints.steps - before;
}

async function relayAll({ events }: PathNode): Promise<void> {
  for (let round = 0; round < 4; round++) await events.relay.run();
}

test('200 promises broken at once share round trips, and each is told once', async () => {
  const node = await start('only');
  expect(await sweep(node)).toBeLessThan(due.count / 5);
  await relayAll(node);
  expect(await new Cases(witness).audit(due)).toMatchObject({ lost: 0, doubled: 0 });
  expect(await sweep(node)).toBe(1);
  await node.close();
});

test.each([6, 12])(
  'a server that dies at step %i of telling them leaves the rest, and tells none twice',
  async (step) => {
    const first = await start('first', { death: { step, when: 'after' } });
    const dead = died(first);
    void sweep(first);
    await dead;
    const second = await start('second');
    await relayAll(second);
    await sweep(second);
    await relayAll(second);
    expect(await new Cases(witness).audit(due)).toMatchObject({ lost: 0, doubled: 0 });
    await second.close();
    await first.close();
  },
);

/** It dies at its step, with what it sent by then taken by the store. */
async function died({ failpoints }: PathNode): Promise<void> {
  while (!failpoints.isDead || failpoints.inFlight > 0) await new Promise(setImmediate);
}
