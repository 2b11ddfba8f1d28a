import type { Connection } from 'mongoose';
import { silentLogger } from '../../../../src/platform/log';
import { leaseMs, Leases } from '../../../../src/platform/work/leases';
import { Nodes } from '../../../../src/platform/work/nodes';
import { partitionCount, partitionOf, Partitions } from '../../../../src/platform/work/partitions';
import { ManualClock } from '../../../support/manual-clock';
import { closeStore, dropConnection, testConnection } from '../../../support/store';
import { until } from '../../../support/until';

let connection: Connection;
let clock: ManualClock;
let running: Partitions[] = [];

beforeEach(async () => {
  connection = await testConnection();
  clock = new ManualClock();
});
afterEach(async () => {
  for (const one of running) await one.stop();
  running = [];
  await dropConnection(connection);
});
afterAll(closeStore);

const keys = Array.from({ length: 400 }, (_unused, at) => `thread ${at}`);

function start(owner: string): Partitions {
  const parts = {
    leases: new Leases(connection, owner, clock),
    nodes: new Nodes(connection, owner, clock),
    clock,
    log: silentLogger,
  };
  const one = new Partitions('threads', parts);
  running.push(one);
  one.start();
  return one;
}

/** The keys that a node would work on now. */
const ownKeys = (node: Partitions): string[] =>
  keys.filter((key) => {
    const claim = node.enter(key);
    claim?.leave();
    return claim !== null;
  });
const share = (node: Partitions): number => ownKeys(node).length / keys.length;
const inTime = (fits: () => boolean) =>
  until(() => {
    if (fits()) return true;
    clock.advance(250);
    return fits();
  });

test('one node alone has every key', async () => {
  const a = start('a');
  await inTime(() => share(a) === 1);
});

test('nodes share the keys evenly, and no key is with two of them at any time', async () => {
  const a = start('a');
  await inTime(() => share(a) === 1);
  const nodes = [a, start('b'), start('c')];
  const isEven = () => nodes.every((node) => share(node) > 0.2 && share(node) < 0.5);
  await inTime(() => {
    const all = nodes.flatMap(ownKeys);
    expect(new Set(all).size).toBe(all.length);
    return isEven() && all.length === keys.length;
  });
});

test('a node that leaves gives its keys back at once', async () => {
  const [a, b] = [start('a'), start('b')];
  await inTime(() => share(a) + share(b) === 1 && share(b) > 0);
  await b.stop();
  running = [a];
  const byKey = Array.from({ length: partitionCount }, (_unused, at) => `threads:${at}`);
  const held = new Set(ownKeys(a).map(partitionOf)).size;
  expect(await new Leases(connection, 'c', clock).free(byKey)).toHaveLength(partitionCount - held);
  await inTime(() => share(a) === 1);
});

test('the keys of a node that died go to another one when its leases run out', async () => {
  const dead = new Leases(connection, 'dead', clock);
  const key = 'thread 1';
  const lost = await dead.acquire(`threads:${partitionOf(key)}`);
  const a = start('a');
  await inTime(() => share(a) > 0);
  expect(a.enter(key)).toBeNull();
  const since = clock.now().getTime();
  await inTime(() => share(a) === 1);
  expect(clock.now().getTime() - since).toBeLessThanOrEqual(leaseMs + 2_000);
  expect(lost).not.toBeNull();
});

test('a partition that goes to another node is first finished with', async () => {
  const a = start('a');
  await inTime(() => share(a) === 1);
  const claims = keys.map((key) => a.enter(key));
  const b = start('b');
  await inTime(() => share(a) <= 0.7);
  expect(share(b)).toBe(0);
  for (const claim of claims) claim?.leave();
  await inTime(() => share(a) + share(b) === 1);
});

test('the fence of a key rises with every new owner', async () => {
  const [key = ''] = keys;
  const a = start('a');
  await inTime(() => share(a) === 1);
  const claim = a.enter(key);
  claim?.leave();
  await a.stop();
  running = [];
  const b = start('b');
  await inTime(() => share(b) === 1);
  expect(b.enter(key)?.lease.fence).toBe((claim?.lease.fence ?? Infinity) + 1);
});

test('a node that was paused past its leases works on nothing until it has new ones', async () => {
  const a = start('a');
  await inTime(() => share(a) === 1);
  // What it would do meanwhile does not run: only its clock goes on.
  clock.jump(leaseMs);
  expect(share(a)).toBe(0);
  await inTime(() => share(a) === 1);
});

test('there are enough partitions for several nodes', () => expect(partitionCount).toBeGreaterThanOrEqual(8));
