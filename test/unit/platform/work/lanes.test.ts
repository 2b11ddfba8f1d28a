import { silentLogger } from '../../../../src/platform/log';
import { Lanes, type Claims } from '../../../../src/platform/work/lanes';
import type { Lease } from '../../../../src/platform/work/leases';
import { ManualClock } from '../../../support/manual-clock';
import { until } from '../../../support/until';

let clock: ManualClock;
let isOurs: boolean;
let gained: () => void;
const started: Lanes[] = [];
const claims: Claims = {
  enter: (key) => (isOurs ? { lease: { key, fence: 1 }, leave: () => undefined } : null),
  onGained: (listener) => void (gained = listener),
};

beforeEach(() => {
  clock = new ManualClock();
  isOurs = true;
});
afterEach(async () => {
  for (const lanes of started.splice(0)) await lanes.stop();
});

interface Work {
  run: (key: string, lease: Lease) => Promise<Date | null>;
  pending?: () => Promise<string[]>;
  concurrency?: number;
}

function lanes({ run, pending = async () => [], concurrency = 4 }: Work): Lanes {
  const made = new Lanes(
    { name: 'inbox', run, pending, concurrency, pollMs: 1_000 },
    { claims, clock, log: silentLogger },
  );
  started.push(made);
  made.start();
  return made;
}

/** A gate that a run waits at until the test opens it. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), opened };
}

test('one run at a time for a key, many keys side by side', async () => {
  const { open, opened } = gate();
  const running = new Map<string, number>();
  let most = 0;
  const one = lanes({
    async run(key) {
      running.set(key, (running.get(key) ?? 0) + 1);
      most = Math.max(most, running.get(key) ?? 0);
      await opened;
      running.set(key, 0);
      return null;
    },
  });
  for (const key of ['t1', 't2', 't1', 't1']) one.wake(key);
  await until(() => running.size === 2);
  expect([...running.values()]).toEqual([1, 1]);
  open();
  await until(() => [...running.values()].every((count) => count === 0));
  expect(most).toBe(1);
});

test('work that comes while a key runs is not forgotten', async () => {
  const first = gate();
  let runs = 0;
  const one = lanes({
    async run() {
      runs += 1;
      if (runs === 1) await first.opened;
      return null;
    },
  });
  one.wake('t1');
  await until(() => runs === 1);
  one.wake('t1');
  first.open();
  await until(() => runs === 2);
});

test('not more keys at once than allowed', async () => {
  const { open, opened } = gate();
  const seen: string[] = [];
  const one = lanes({
    concurrency: 2,
    async run(key) {
      seen.push(key);
      await opened;
      return null;
    },
  });
  for (const key of ['t1', 't2', 't3']) one.wake(key);
  await until(() => seen.length === 2);
  expect(seen).toEqual(['t1', 't2']);
  open();
  await until(() => seen.length === 3);
});

test("another node's key is left alone, and taken up once it is ours", async () => {
  let runs = 0;
  isOurs = false;
  const one = lanes({ pending: async () => (runs === 0 ? ['t1'] : []), run: async () => (runs++, null) });
  one.wake('t1');
  clock.advance(1_000);
  await new Promise((resume) => setImmediate(resume));
  expect(runs).toBe(0);
  isOurs = true;
  gained();
  await until(() => runs === 1);
});

test('it comes back when the work said it would', async () => {
  let runs = 0;
  const at = new Date(clock.now().getTime() + 30_000);
  const one = lanes({ run: async () => (++runs === 1 ? at : null) });
  one.wake('t1');
  await until(() => runs === 1);
  clock.advance(29_000);
  expect(runs).toBe(1);
  await until(() => {
    clock.advance(1_000);
    return runs === 2;
  });
});

test('a key that has more to do goes behind those that wait', async () => {
  const seen: string[] = [];
  const one = lanes({
    concurrency: 1,
    run: async (key) => (seen.push(key), key === 'long' && seen.length < 4 ? clock.now() : null),
  });
  for (const key of ['long', 't1', 't2']) one.wake(key);
  await until(() => seen.length === 4);
  expect(seen).toEqual(['long', 't1', 't2', 'long']);
});

test('a run that fails frees its key, and the poll finds it again', async () => {
  let runs = 0;
  lanes({
    pending: async () => (runs < 2 ? ['t1'] : []),
    async run() {
      runs += 1;
      if (runs === 1) throw new Error('the store was away');
      return null;
    },
  });
  await until(() => {
    clock.advance(1_000);
    return runs === 2;
  });
});

test('stopping waits for what runs and takes nothing new', async () => {
  const { open, opened } = gate();
  const events: string[] = [];
  const one = lanes({
    concurrency: 1,
    async run(key) {
      events.push(`start ${key}`);
      await opened;
      events.push(`end ${key}`);
      return null;
    },
  });
  one.wake('t1');
  one.wake('t2');
  await until(() => events.length === 1);
  const stopped = one.stop().then(() => events.push('stopped'));
  one.wake('t3');
  open();
  await stopped;
  expect(events).toEqual(['start t1', 'end t1', 'stopped']);
});
