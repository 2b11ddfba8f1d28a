import { BSON } from 'bson';
import { open } from 'lmdb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MongoClient, type Collection } from 'mongodb';
import { besideLongCommands } from './beside';
import { memoryOfLargeData } from './large-data';
import { cpuMicroseconds } from './cpu';
import { growth } from './growth';
import { measure, type Measured, type Operation } from './load';
import { startStoreProcess } from './store-process';
import { row, type Row } from './store-rows';

/**
 * `npm run bench -- store [--count 2000] [--grow 100000] [--beside 100000]`: the embedded store beside raw LMDB writes of
 * the same bytes, and beside a MongoDB server where TEST_MONGODB_URL names one; then how long a reader waits beside a long
 * command (`--only-beside`: that alone). Read the ratios, not the figures.
 * `--size 2GB [--minutes 8]`: instead, the memory of the store with so much in it.
 */
export async function benchStore(args: string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const options = {
    count: text,
    grow: text,
    beside: text,
    'only-beside': { type: 'boolean' },
    size: text,
    minutes: text,
  } as const;
  const { values } = parseArgs({ args, options });
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  try {
    if (values.size) return await memoryOfLargeData(dataDir, values.size, Number(values.minutes ?? 8));
    if (!values['only-beside'])
      await compare(dataDir, { count: Number(values.count ?? 1_000), most: Number(values.grow ?? 20_000) });
    await besideLongCommands(dataDir, Number(values.beside ?? 100_000));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function compare(dataDir: string, { count, most }: { count: number; most: number }): Promise<void> {
  const store = await startStoreProcess(dataDir);
  const ours = await MongoClient.connect(store.url, { maxPoolSize: 64 });
  const url = process.env['TEST_MONGODB_URL'];
  const other = url ? await MongoClient.connect(url, { maxPoolSize: 64 }) : null;
  try {
    await operations({ ours, pid: store.pid, other }, join(dataDir, 'raw'), count);
  } finally {
    await other?.db('parley_bench').dropDatabase();
    await other?.close();
    await ours.close();
    await store.close();
  }
  await growth(dataDir, most);
}

interface Sides {
  ours: MongoClient;
  /** The process of our store. */
  pid: number;
  other: MongoClient | null;
}

async function operations({ ours, pid, other }: Sides, rawDir: string, count: number): Promise<void> {
  const raw = open<Buffer, number>({ path: rawDir, encoding: 'binary', overlappingSync: false });
  console.log(
    [
      'operation'.padEnd(20),
      'in flight',
      '   ours/s',
      'p99 ms',
      'store us',
      'client us',
      '  raw LMDB',
      '    server',
    ].join(' '),
  );
  for (const inFlight of [1, 8, 64]) {
    const size = { count: Math.min(count, inFlight * 200), inFlight };
    const putRaw = await measure(
      (at) => raw.put(inFlight * 1_000_000 + at, Buffer.from(BSON.serialize(row(at)))),
      size,
    );
    const [mine, theirs] = [await prepared(ours, inFlight), other && (await prepared(other, inFlight))];
    for (const [name, operation] of Object.entries(mine)) {
      const few =
        name === 'aggregation' || name === 'insertMany of 100'
          ? { ...size, count: Math.ceil(size.count / 20) }
          : size;
      const measured = await withCpu(pid, few.count, () => measure(operation, few));
      const compared = theirs?.[name] && (await measure(theirs[name] as Operation, few));
      print(name, inFlight, measured, isWrite(name) ? putRaw : null, compared || null);
    }
  }
  await raw.close();
}

/** Also how long the processes of the store and of this bench had a processor, for one operation. */
async function withCpu(
  pid: number,
  count: number,
  run: () => Promise<Measured>,
): Promise<Measured & { storeUs: number; clientUs: number }> {
  const before = [cpuMicroseconds(pid), cpuMicroseconds(process.pid)] as const;
  const measured = await run();
  // The warm-up is a tenth more.
  const each = (now: number, then: number) => (now - then) / (count + Math.ceil(count / 10));
  return {
    ...measured,
    storeUs: each(cpuMicroseconds(pid), before[0]),
    clientUs: each(cpuMicroseconds(process.pid), before[1]),
  };
}

const isWrite = (name: string): boolean => ['insertOne', 'upsert', 'findOneAndUpdate'].includes(name);

function print(
  name: string,
  inFlight: number,
  ours: Measured & { storeUs: number; clientUs: number },
  raw: Measured | null,
  other: Measured | null,
): void {
  const ratio = (one: Measured | null) =>
    (one ? `${(ours.perSecond / one.perSecond).toFixed(2)}x` : '-').padStart(10);
  console.log(
    [
      name.padEnd(20),
      `${inFlight}`.padStart(9),
      ours.perSecond.toFixed(0).padStart(9),
      ours.p99Ms.toFixed(1).padStart(6),
      ours.storeUs.toFixed(0).padStart(8),
      ours.clientUs.toFixed(0).padStart(9),
      ratio(raw),
      ratio(other),
    ].join(' '),
  );
}

const rows = 5_000;

async function prepared(client: MongoClient, inFlight: number): Promise<Record<string, Operation>> {
  const db = client.db('parley_bench');
  const fill = async (name: string): Promise<Collection<Row>> => {
    const collection = db.collection<Row>(`${name}_${inFlight}`);
    await collection.deleteMany({});
    await collection.createIndex({ state: 1, at: -1 });
    await collection.insertMany(Array.from({ length: rows }, (_unused, at) => row(at)));
    return collection;
  };
  const [read, written] = [await fill('read'), await fill('written')];
  return {
    insertOne: (at) => written.insertOne(row(rows + at)),
    'findOne by _id': (at) => read.findOne({ _id: at % rows }),
    findOneAndUpdate: (at) => written.findOneAndUpdate({ _id: at % rows }, { $set: { seen: at } }),
    upsert: (at) =>
      written.updateOne({ _id: 1_000_000 + at }, { $set: row(1_000_000 + at) }, { upsert: true }),
    'indexed page of 50': () => read.find({ state: 'open' }).sort({ at: -1 }).limit(50).toArray(),
    aggregation: () =>
      read.aggregate([{ $group: { _id: '$state', n: { $sum: 1 }, last: { $max: '$at' } } }]).toArray(),
    'insertMany of 100': (at) =>
      written.insertMany(Array.from({ length: 100 }, (_unused, which) => row(10_000_000 + at * 100 + which))),
  };
}
