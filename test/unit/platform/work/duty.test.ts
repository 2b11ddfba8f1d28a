import type { Connection } from 'mongoose';
import { silentLogger } from '../../../../src/platform/log';
import { Duty } from '../../../../src/platform/work/duty';
import { leaseMs, Leases, type Lease } from '../../../../src/platform/work/leases';
import { ManualClock } from '../../../support/manual-clock';
import { closeStore, dropConnection, testConnection } from '../../../support/store';
import { until } from '../../../support/until';

let connection: Connection;
let clock: ManualClock;
const started: Duty[] = [];

beforeEach(async () => {
  connection = await testConnection();
  clock = new ManualClock();
});
afterEach(async () => {
  for (const duty of started.splice(0)) await duty.stop();
  await dropConnection(connection);
});
afterAll(closeStore);

/** Counts what is asked of the store, so that a test can wait until it has its answers. */
class WatchedLeases extends Leases {
  static asked = 0;
  override acquire = (key: string, forMs?: number) => counted(super.acquire(key, forMs));
  override renew = (lease: Lease, forMs?: number) => counted(super.renew(lease, forMs));
}
async function counted<T>(answer: Promise<T>): Promise<T> {
  WatchedLeases.asked += 1;
  return answer.finally(() => (WatchedLeases.asked -= 1));
}

function node(name: string, work: () => Promise<void> | void, everyMs = 1_000): Duty {
  const leases = new WatchedLeases(connection, name, clock);
  const duty = new Duty('relay', everyMs, async () => work(), { leases, clock, log: silentLogger });
  started.push(duty);
  return duty;
}

/** Moves time on in small steps, so that what a step starts is done before the next. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    clock.advance(500);
    await until(() => WatchedLeases.asked === 0);
    await new Promise((resume) => setImmediate(resume));
  }
}

test('one node does it, the other stands by and takes over when the holder is gone', async () => {
  const done: string[] = [];
  const [a, b] = [node('a', () => void done.push('a')), node('b', () => void done.push('b'))];
  a.start();
  await until(() => done.length === 1);
  b.start();
  await pass(leaseMs * 2);
  expect(new Set(done)).toEqual(new Set(['a']));
  expect(b.isHeld).toBe(false);
  await until(async () => {
    await pass(500);
    return a.isHeld;
  });
  await a.stop();
  await until(async () => {
    await pass(1_000);
    return done.includes('b');
  });
  expect([a.isHeld, b.isHeld]).toEqual([false, true]);
});

test('a holder that died keeps it only as long as its lease', async () => {
  const done: string[] = [];
  const dead = new Leases(connection, 'dead', clock);
  await dead.acquire('duty:relay');
  node('b', () => void done.push('b')).start();
  await pass(leaseMs - 1_000);
  expect(done).toEqual([]);
  await until(async () => {
    await pass(1_000);
    return done.length > 0;
  });
});

test('woken while it works, it works once more, and never twice at a time', async () => {
  let running = 0;
  let most = 0;
  let rounds = 0;
  const duty = node('a', async () => {
    most = Math.max(most, ++running);
    rounds += 1;
    await connection.db?.command({ ping: 1 });
    running -= 1;
  });
  duty.start();
  await until(() => rounds === 1 && running === 0);
  for (let i = 0; i < 10; i++) duty.wake();
  await until(() => rounds === 3 && running === 0);
  await new Promise((resume) => setImmediate(resume));
  expect({ most, rounds }).toEqual({ most: 1, rounds: 3 });
});

test('however often it is woken, the store is asked for the lease only now and then', async () => {
  const asked = jest.spyOn(Leases.prototype, 'renew').mockClear();
  let rounds = 0;
  const duty = node('a', () => void rounds++);
  duty.start();
  await until(() => rounds === 1);
  for (let wakes = 0; wakes < 20; wakes++) {
    const before = rounds;
    duty.wake();
    await until(() => rounds > before);
  }
  expect(asked).not.toHaveBeenCalled();
  asked.mockRestore();
});

test('a round that fails is tried again at the next tick', async () => {
  let rounds = 0;
  const duty = node('a', () => {
    rounds += 1;
    if (rounds === 1) throw new Error('the store was away');
  });
  duty.start();
  await until(() => rounds === 1);
  await until(async () => {
    await pass(1_000);
    return rounds > 1;
  });
});
