import type { Connection } from 'mongoose';
import type { Inbound } from '../../src/domain/inbound';
import { connectMongo } from '../../src/platform/mongo/connection';
import type { Death } from '../support/failpoint';
import { ManualClock } from '../support/manual-clock';
import { breaks, clearStore, isDrained, readStore } from '../support/path-oracle';
import { passTime } from '../support/path-bench';
import { inboundOf, startNode, type PathNode } from '../support/path-node';
import { PlatformStandIn, type Behaviour } from '../support/platform-stand-in';
import { chooseSeed, seededRandom } from '../support/random';
import { closeStore, freshDatabaseUrl } from '../support/store';

let url: string;
let witness: Connection;
beforeAll(async () => {
  url = await freshDatabaseUrl();
  witness = await connectMongo(url);
  const parts = { url, clock: new ManualClock(), platform: new PlatformStandIn(), name: 'indexes' };
  await (await startNode({ ...parts, makesIndexes: true })).close();
});
afterAll(async () => {
  await witness.dropDatabase();
  await witness.close();
  await closeStore();
});

const written: Inbound[] = [
  inboundOf('ann', 1, 'hello'),
  inboundOf('bob', 1, 'hi'),
  inboundOf('ann', 2, 'where is my parcel'),
  inboundOf('ann', 3, 'a person please'),
  inboundOf('ann', 4, 'are you there'),
];

const taken: Behaviour = { accepts: true, outcome: { ok: true, externalId: null } };
const refused: Behaviour = {
  accepts: false,
  outcome: { ok: false, errorClass: 'permanent', message: 'no', platformCode: '400', retryAfterMs: null },
};

/** One life: messages arrive at a node that dies at a step; the platform redelivers to another, which takes over. */
async function live(death: Death | null) {
  await clearStore(witness);
  const clock = new ManualClock(new Date().toISOString());
  const platform = new PlatformStandIn();
  platform.behave = ({ content }) =>
    content.type === 'text' && content.text === 'echo: hi' ? refused : taken;
  const first = await startNode({ url, clock, platform, name: 'first', death });
  const acknowledged = await deliver(first, written, clock);
  const second = first.failpoints.isDead ? await startNode({ url, clock, platform, name: 'second' }) : null;
  if (second) acknowledged.push(...(await deliver(second, written, clock)));
  const contents = await readStore(witness);
  const found = breaks(contents, acknowledged, platform);
  const { steps } = first.failpoints;
  await second?.close();
  await first.close();
  return { found, steps, contents, died: first.failpoints.isDead };
}

/** Hands everything to a node, in order, until it has drained or died. Answers what it acknowledged. */
async function deliver(node: PathNode, messages: Inbound[], clock: ManualClock) {
  const acknowledged: Inbound[] = [];
  node.pipeline.start();
  node.relay.start();
  const handOver = async () => {
    for (const inbound of messages) {
      await node.accept(inbound);
      acknowledged.push(inbound);
    }
  };
  // Whoever dies answers nothing; what it began ends with its connection.
  handOver().catch(() => undefined);
  const deadline = Date.now() + 60_000;
  for (let round = 0; Date.now() < deadline; round++) {
    if (node.failpoints.isDead) return acknowledged;
    const mayBeOver = acknowledged.length === messages.length && round % 10 === 0;
    if (mayBeOver && isDrained(await readStore(witness))) return acknowledged;
    await passTime(clock, [node]);
  }
  return acknowledged;
}

const seed = chooseSeed('failpoints');

test('without a death nothing is lost, doubled, reordered or left over', async () => {
  const { found, contents } = await live(null);
  expect(found).toEqual([]);
  expect(contents.outbox.map(({ state }) => state).sort()).toEqual(['failed', 'sent', 'sent', 'sent']);
});

test('a server that dies at any of its awaits, before or after the effect, loses and doubles nothing', async () => {
  const { steps } = await live(null);
  const deaths = Array.from({ length: steps }, (_unused, index) => index + 1).flatMap((step): Death[] => [
    { step, when: 'before' },
    { step, when: 'after' },
  ]);
  const random = seededRandom(seed);
  const every = process.env['PARLEY_EVERY_FAILPOINT'] === '1';
  const about = Number(process.env['PARLEY_FAILPOINTS'] ?? 15);
  const chosen = every ? deaths : deaths.filter(() => random() < about / deaths.length);
  const failures: string[] = [];
  for (const [done, death] of chosen.entries()) {
    const { found } = await live(death);
    if (every && done % 50 === 49)
      process.stdout.write(`failpoints: ${done + 1} of ${chosen.length}, ${failures.length} failed\n`);
    if (found.length > 0) failures.push(`${death.when} step ${death.step} of ${steps}: ${found.join('; ')}`);
  }
  process.stdout.write(`failpoints: ${chosen.length} deaths at ${steps} steps\n`);
  expect(failures).toEqual([]);
}, 3_600_000);
