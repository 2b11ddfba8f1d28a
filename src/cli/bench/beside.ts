import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { MongoClient, type Collection } from 'mongodb';

type StartStore = typeof import('../../platform/mongo/embedded').startEmbeddedStore;

interface Row {
  _id: number;
  state: string;
  at: Date;
  text: string;
  n: number;
}

/**
 * How long a reader waits, and how late this process's event loop comes, while the store is busy with something long.
 * As in the running server: the store in a worker of this process, which itself serves and asks.
 */
export async function besideLongCommands(dataDir: string, documents: number): Promise<void> {
  const startStore = await builtStore();
  const store = await startStore({ dataDir: join(dataDir, 'beside'), inWorker: true });
  const client = await MongoClient.connect(store.url);
  try {
    const rows = client.db('parley_beside').collection<Row>('rows');
    await rows.createIndex({ n: 1 });
    for (let from = 0; from < documents; from += 1_000)
      await rows.insertMany(rowsFrom(from, Math.min(1_000, documents - from)));
    console.log(`\nbeside a long command over ${documents} documents`);
    console.log(
      'command              takes s  findOnes  p50 ms  p99 ms  worst ms   loop delay p99 ms  worst ms',
    );
    const read = Math.min(1_000, documents);
    await beside('nothing', rows, read, new Promise((done) => setTimeout(done, 1_000)));
    for (const [name, run] of Object.entries(longCommands(rows, documents)))
      await beside(name, rows, read, run());
  } finally {
    await client.close();
    await store.close();
  }
}

const row = (at: number): Row => ({
  _id: at,
  state: at % 5 === 0 ? 'open' : 'done',
  at: new Date(at * 1_000),
  text: `message ${at} `.repeat(12),
  n: (at * 7_919) % 1_000_003,
});

const rowsFrom = (from: number, count: number): Row[] =>
  Array.from({ length: count }, (_unused, at) => row(from + at));

const longCommands = (rows: Collection<Row>, documents: number): Record<string, () => Promise<unknown>> => ({
  aggregation: () =>
    rows
      .aggregate([
        { $match: { text: /message/ } },
        { $group: { _id: { $mod: ['$n', 1_000] }, count: { $sum: 1 }, last: { $max: '$at' } } },
        { $sort: { count: -1 } },
        { $limit: 10 },
      ])
      .toArray(),
  'sort without index': () =>
    rows
      .find()
      .sort({ text: 1 })
      .skip(Math.max(0, documents - 10))
      .toArray(),
  'update of all': () => rows.updateMany({ n: { $gte: 0 } }, { $inc: { n: 1 }, $set: { state: 'seen' } }),
  $facet: () =>
    rows
      .aggregate([
        {
          $facet: {
            states: [{ $sortByCount: '$state' }],
            sizes: [{ $bucketAuto: { groupBy: '$n', buckets: 9 } }],
          },
        },
      ])
      .toArray(),
  $setWindowFields: () =>
    rows
      .aggregate([
        {
          $setWindowFields: {
            partitionBy: '$state',
            sortBy: { n: 1 },
            output: { so: { $sum: '$n', window: { documents: ['unbounded', 'current'] } } },
          },
        },
        { $count: 'n' },
      ])
      .toArray(),
  'index build': () => rows.createIndex({ state: 1, at: -1 }),
  $out: () => rows.aggregate([{ $out: 'copied' }]).toArray(),
  'insert of 10,000': () => rows.insertMany(rowsFrom(documents, 10_000)),
});

/** Reads the first `read` documents by turns for as long as the command takes. */
async function beside(
  name: string,
  rows: Collection<Row>,
  read: number,
  long: Promise<unknown>,
): Promise<void> {
  const startedAt = performance.now();
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  let isRunning = true;
  const ended = long.finally(() => (isRunning = false));
  const waited: number[] = [];
  for (let at = 0; isRunning; at++) {
    const askedAt = performance.now();
    await rows.findOne({ _id: (at * 7_919) % read });
    waited.push(performance.now() - askedAt);
  }
  await ended;
  loop.disable();
  waited.sort((a, b) => a - b);
  const ms = (value: number | undefined) => (value ?? NaN).toFixed(1);
  const share = (part: number) => ms(waited[Math.floor((waited.length - 1) * part)]);
  console.log(
    [
      name.padEnd(20),
      ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(7),
      `${waited.length}`.padStart(9),
      ...[share(0.5), share(0.99)].map((one) => one.padStart(7)),
      share(1).padStart(9),
      ms(loop.percentile(99) / 1e6 - 1).padStart(19),
      ms(loop.max / 1e6 - 1).padStart(9),
    ].join(' '),
  );
}

/** A worker runs what is built. */
async function builtStore(): Promise<StartStore> {
  const root = resolve(__dirname, '../../..');
  const build = spawnSync(process.execPath, ['scripts/build-if-changed.mjs', '--server-only'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (build.status !== 0) throw new Error('The server cannot be built.');
  const built = pathToFileURL(join(root, 'dist/platform/mongo/embedded/index.js')).href;
  return ((await import(built)) as { startEmbeddedStore: StartStore }).startEmbeddedStore;
}
