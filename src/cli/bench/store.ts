import { BSON, type Document } from 'bson';
import { open } from 'lmdb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MongoClient, type Collection } from 'mongodb';
import { besideLongCommands } from './beside';
import { memoryOfLargeData } from './large-data';
import { measure, type Measured, type Operation } from './load';
import { startStoreProcess } from './store-process';

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
    await operations(ours, other, join(dataDir, 'raw'), count);
    await growth(ours, most);
  } finally {
    await other?.db('parley_bench').dropDatabase();
    await other?.close();
    await ours.close();
    await store.close();
  }
}

async function operations(
  ours: MongoClient,
  other: MongoClient | null,
  rawDir: string,
  count: number,
): Promise<void> {
  const raw = open<Buffer, number>({ path: rawDir, encoding: 'binary', overlappingSync: false });
  console.log(
    ['operation'.padEnd(20), 'in flight', '   ours/s', 'p99 ms', '  raw LMDB', '  server'].join(' '),
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
      const measured = await measure(operation, few);
      const compared = theirs?.[name] && (await measure(theirs[name] as Operation, few));
      print(name, inFlight, measured, isWrite(name) ? putRaw : null, compared || null);
    }
  }
  await raw.close();
}

const isWrite = (name: string): boolean => ['insertOne', 'upsert', 'findOneAndUpdate'].includes(name);

function print(
  name: string,
  inFlight: number,
  ours: Measured,
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
      ratio(raw),
      ratio(other),
    ].join(' '),
  );
}

interface Row extends Document {
  _id: number;
}
const row = (at: number): Row => ({
  _id: at,
  state: at % 5 === 0 ? 'open' : 'done',
  at: new Date(at * 1_000),
  text: `message ${at} `.repeat(12),
  tags: ['a', `t${at % 50}`],
});
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

/** Does an indexed operation stay as fast when there is more? */
async function growth(client: MongoClient, most: number): Promise<void> {
  const collection = client.db('parley_growth').collection<Row>('rows');
  await collection.createIndex({ state: 1, at: -1 });
  let filled = 0;
  const first = new Map<string, number>();
  for (let size = 1_000; size <= most; size *= 10) {
    for (; filled < size; filled += 1_000)
      await collection.insertMany(Array.from({ length: 1_000 }, (_unused, at) => row(filled + at)));
    const timed: Record<string, Operation> = {
      'findOne by _id': (at) => collection.findOne({ _id: (at * 7_919) % size }),
      'indexed page of 50': () => collection.find({ state: 'open' }).sort({ at: -1 }).limit(50).toArray(),
      findOneAndUpdate: (at) =>
        collection.findOneAndUpdate({ _id: (at * 7_919) % size }, { $set: { seen: at } }),
    };
    for (const [name, operation] of Object.entries(timed)) {
      const { p50Ms } = await measure(operation, { count: 200, inFlight: 1 });
      if (!first.has(name)) first.set(name, p50Ms);
      console.log(
        `${name.padEnd(20)} ${`${size}`.padStart(9)} documents  p50 ${p50Ms.toFixed(2)} ms  ${(p50Ms / (first.get(name) ?? p50Ms)).toFixed(2)}x of 1,000`,
      );
    }
  }
}
