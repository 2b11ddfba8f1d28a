import { Cluster } from '../support/cluster';
import { FaultProxy } from '../support/fault-proxy';
import { judge, readStories } from '../support/oracle';
import { chooseSeed, seededRandom } from '../support/random';
import { ServerProcess } from '../support/server-process';
import { freshDatabaseUrl } from '../support/store';
import { StoreProcess } from '../support/store-process';
import { until } from '../support/until';

const seed = chooseSeed('store faults');
const messages = Number(process.env['PARLEY_FAULT_MESSAGES'] ?? 400);
const perUser = 10;
const writers = 16;
const budget = Math.min(100, messages / 10);
/** Many at once make less than half a round trip a message. */
const oneIn = messages / (3 * budget);
/** Drained at the slowest machine's pace, not at ours. */
const patienceMs = 90_000 + messages * 100;
const question = 'how long until my order ships?';

let store: StoreProcess | null = null;
let proxy: FaultProxy;
let cluster: Cluster;
const acknowledged = new Map<number, string[]>();
let users = 80_000;

beforeAll(async () => {
  ServerProcess.build();
  store = process.env['TEST_MONGODB_URL'] ? null : await StoreProcess.start();
  const url = store?.url ?? (await freshDatabaseUrl());
  const target = /^mongodb:\/\/([^/]+)/.exec(url)?.[1] ?? '';
  proxy = await FaultProxy.start({ target, random: seededRandom(seed), oneIn, budget });
  cluster = await Cluster.start({
    nodes: 1,
    mongodbUrl: url.replace(target, proxy.address),
    env: { LOG_LEVEL: 'error' },
  });
}, 120_000);
afterAll(async () => {
  await cluster?.stop();
  await proxy?.close();
  await store?.remove();
}, 60_000);

const url = () => cluster.node(0).url;

/** Delivers again until it is acknowledged, as a platform does. Answers what it was told. */
async function deliver(user: number, text: string): Promise<(number | null)[]> {
  const update = cluster.update(user, text);
  const statuses: (number | null)[] = [];
  await until(
    async () => statuses[statuses.push(await cluster.post(url(), update)) - 1],
    (status) => status === 200,
    60_000,
  );
  acknowledged.set(user, [...(acknowledged.get(user) ?? []), text]);
  return statuses;
}

async function verdict() {
  const admin = await until(
    () => cluster.signIn(url()).catch(() => null),
    (client) => client !== null,
  );
  if (!admin) throw new Error('not signed in');
  // First the backlog, which costs one request to ask for; then every conversation.
  await until(backlog, (ages) => ages.every((seconds) => seconds === 0), patienceMs);
  return judge(await readStories(admin, cluster.telegram, acknowledged.keys()), acknowledged);
}
/** How old the oldest message is that is not handled, and that is not sent. */
async function backlog(): Promise<number[]> {
  const page = await (await fetch(`${url()}/metrics`)).text();
  return ['inbox', 'outbox'].map((name) =>
    Number(new RegExp(`^parley_${name}_oldest_seconds (.*)$`, 'm').exec(page)?.[1] ?? Infinity),
  );
}
const well = { lost: [], doubled: [], outOfOrder: [], waiting: 0 };

test(
  `${budget} faults in ${messages} messages (seed ${seed}): nothing lost, doubled or out of order, no false 2xx`,
  async () => {
    const told: (number | null)[] = [];
    let left = messages / perUser;
    const writer = async () => {
      while (left-- > 0) {
        const user = ++users;
        for (let i = 0; i < perUser; i++) told.push(...(await deliver(user, `${question} ${i}`)));
      }
    };
    proxy.arm(true);
    await Promise.all(Array.from({ length: writers }, writer));
    proxy.arm(false);
    expect(new Set(told)).toEqual(new Set(told.includes(503) ? [200, 503] : [200]));
    const result = await verdict();
    console.info({
      seed,
      faults: Object.fromEntries(proxy.done),
      told: told.length,
      unknown: result.unknown,
    });
    expect(result).toMatchObject(well);
    expect(proxy.count).toBeGreaterThan(budget / 2);
  },
  300_000 + patienceMs,
);

const isReady = async () => (await fetch(`${url()}/readyz`)).status === 200;

/** What the issue allows between the end of a fault and the last effect of it. */
const recoveryMs = 15_000;

test.each(['refuse', 'freeze', 'cut before', 'cut after', 'reset', 'garbage', 'delay'] as const)(
  'while the store would %s, nothing is promised that is not kept; then it recovers by itself within 15 s',
  async (state) => {
    proxy.become(state);
    const updates = Array.from({ length: 20 }, () => ({ user: ++users, text: `${question} ${users}` }));
    const posted = updates.map(({ user, text }) => ({ user, text, update: cluster.update(user, text) }));
    const told = await Promise.all(posted.map(({ update }) => cluster.post(url(), update)));
    // A store that is only slow is no store that is away.
    const isAway = state !== 'delay';
    expect(new Set(told)).toEqual(new Set([isAway ? 503 : 200]));
    if (isAway) expect(await isReady()).toBe(false);
    proxy.become('well');
    const wellAt = Date.now();
    const leftMs = () => Math.max(1, wellAt + recoveryMs - Date.now());
    await until(isReady, Boolean, leftMs());
    for (const { user, text, update } of posted) {
      await until(
        () => cluster.post(url(), update),
        (status) => status === 200,
        leftMs(),
      );
      acknowledged.set(user, [text]);
    }
    console.info({ state, recoveredAfterMs: Date.now() - wellAt });
    expect(await verdict()).toMatchObject(well);
  },
  120_000,
);
