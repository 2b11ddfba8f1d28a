import type { Connection } from 'mongoose';
import { leaseMs, Leases } from '../../../../src/platform/work/leases';
import { ensureIndexes } from '../../../../src/platform/mongo/connection';
import { ManualClock } from '../../../support/manual-clock';
import { closeStore, dropConnection, testConnection } from '../../../support/store';

let connection: Connection;
let clock: ManualClock;
let a: Leases;
let b: Leases;

beforeEach(async () => {
  connection = await testConnection();
  clock = new ManualClock();
  [a, b] = [new Leases(connection, 'node-a', clock), new Leases(connection, 'node-b', clock)];
  await ensureIndexes(connection);
});
afterEach(() => dropConnection(connection));
afterAll(closeStore);

test('one owner at a time: the other one is refused until it runs out', async () => {
  expect(await a.acquire('lane:1')).toMatchObject({ key: 'lane:1', fence: 1 });
  expect(await b.acquire('lane:1')).toBeNull();
  expect(await b.acquire('lane:2')).not.toBeNull();
  clock.advance(leaseMs - 1);
  expect(await b.acquire('lane:1')).toBeNull();
  clock.advance(1);
  expect(await b.acquire('lane:1')).toMatchObject({ fence: 2 });
});

test('of many who ask at once, exactly one gets it', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? a : b).acquire('lane:1')));
  expect(answers.filter((lease) => lease !== null)).toHaveLength(1);
});

test('a renewed lease lasts on, and a lost one cannot be renewed', async () => {
  const lease = await a.acquire('lane:1');
  if (!lease) throw new Error('not acquired');
  clock.advance(leaseMs - 1);
  expect(await a.renew(lease)).toBe(true);
  clock.advance(leaseMs - 1);
  expect(await b.acquire('lane:1')).toBeNull();
  clock.advance(1);
  expect(await a.renew(lease)).toBe(false);
  expect(await b.acquire('lane:1')).not.toBeNull();
  expect(await a.renew(lease)).toBe(false);
});

test('an owner that was paused past its lease cannot release what another one holds now', async () => {
  const stale = await a.acquire('lane:1');
  clock.advance(leaseMs);
  const current = await b.acquire('lane:1');
  if (!stale || !current) throw new Error('not acquired');
  await a.release(stale);
  expect(await b.renew(current)).toBe(true);
  expect(current.fence).toBeGreaterThan(stale.fence);
});

test('the fence rises with every owner, also when it was given back in time', async () => {
  const fences: number[] = [];
  for (const owner of [a, b, a, a]) {
    const lease = await owner.acquire('lane:1');
    if (!lease) throw new Error('not acquired');
    fences.push(lease.fence);
    await owner.release(lease);
  }
  expect(fences).toEqual([1, 2, 3, 4]);
});

test('a single server voids what its last life held', async () => {
  await a.acquire('lane:1');
  await b.voidAll();
  expect(await b.acquire('lane:1')).toMatchObject({ fence: 2 });
});
