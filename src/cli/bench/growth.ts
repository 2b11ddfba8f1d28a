import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient, type Collection } from 'mongodb';
import { cpuMicroseconds } from './cpu';
import { bytesWritten } from './disk';
import { quantile, run, type Operation } from './load';
import { row, type Row } from './store-rows';
import { startStoreProcess } from './store-process';

interface Grown {
  size: number;
  /** The process of its store. */
  pid: number;
  collection: Collection<Row>;
  close(): Promise<void>;
}

const rounds = 7;
const perRound = 40;

/** What one operation costs: its median time, the store's processor, and what the store writes. */
interface Cost {
  ms: number;
  storeUs: number;
  writtenKb: number;
}

/**
 * Does an indexed operation stay as fast when there is more? Each size has a store of its own, and they take turns, so
 * that a machine that is busy now and then is so for all of them. Time holds the disk's flush; processor and bytes do
 * not, and so tell the size of the collection from the state of the disk.
 */
export async function growth(folder: string, most: number): Promise<void> {
  const stores: Grown[] = [];
  try {
    for (let size = 1_000; size <= most; size *= 10) stores.push(await grown(folder, size));
    const names = Object.keys(operationsOf(stores[0] as Grown));
    const lines: [string, Cost[]][] = [];
    for (const name of names) lines.push([name, await costs(name, stores)]);
    const sizes = stores.map(({ size }) => size);
    print('p50 in ms, one in flight', sizes, lines, ({ ms }) => ms);
    print('store, us of processor', sizes, lines, ({ storeUs }) => storeUs);
    print('store, KB written', sizes, lines, ({ writtenKb }) => writtenKb);
  } finally {
    for (const store of stores) await store.close();
  }
}

async function costs(name: string, stores: Grown[]): Promise<Cost[]> {
  const timed = stores.map(({ pid, ...store }) => ({
    pid,
    operation: operationsOf(store)[name] as Operation,
    latencies: [] as number[],
    storeUs: 0,
    written: 0,
  }));
  for (let round = 0; round < rounds; round++)
    for (const one of timed) {
      const from = round * perRound;
      const before = [cpuMicroseconds(one.pid), bytesWritten(one.pid)] as const;
      const latencies = await run(one.operation, { from, to: from + perRound, inFlight: 1 });
      // The first round warms up.
      if (round === 0) continue;
      one.latencies.push(...latencies);
      one.storeUs += cpuMicroseconds(one.pid) - before[0];
      one.written += bytesWritten(one.pid) - before[1];
    }
  return timed.map(({ latencies, storeUs, written }) => ({
    ms: quantile(latencies, 0.5),
    storeUs: storeUs / latencies.length,
    writtenKb: written / latencies.length / 1_024,
  }));
}

/** Each size beside the smallest. */
function print(title: string, sizes: number[], lines: [string, Cost[]][], of: (cost: Cost) => number): void {
  console.log(`\n${title.padEnd(24)} ${sizes.map((size) => `${size}`.padStart(16)).join('')}`);
  for (const [name, each] of lines) {
    const values = each.map(of);
    const [least = NaN] = values;
    if (values.every((value) => value === 0)) continue;
    const cells = values.map((value) => `${value.toFixed(2)} (${(value / least).toFixed(2)}x)`.padStart(16));
    console.log(`${name.padEnd(24)} ${cells.join('')}`);
  }
}

async function grown(folder: string, size: number): Promise<Grown> {
  const dataDir = join(folder, `grown-${size}`);
  mkdirSync(dataDir, { recursive: true });
  const store = await startStoreProcess(dataDir);
  const client = await MongoClient.connect(store.url);
  const collection = client.db('parley_growth').collection<Row>('rows');
  await collection.createIndex({ state: 1, at: -1 });
  const startedAt = performance.now();
  const insert = (at: number) =>
    collection.insertMany(Array.from({ length: 1_000 }, (_unused, which) => row(at * 1_000 + which)));
  await run(insert, { from: 0, to: size / 1_000, inFlight: 4 });
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(`${size} documents written in ${seconds.toFixed(1)} s (insertMany of 1,000, 4 in flight)`);
  return {
    size,
    pid: store.pid,
    collection,
    async close() {
      await client.close();
      await store.close();
    },
  };
}

function operationsOf({ collection, size }: Pick<Grown, 'collection' | 'size'>): Record<string, Operation> {
  const some = (at: number) => (at * 7_919) % size;
  return {
    'findOne by _id': (at) => collection.findOne({ _id: some(at) }),
    'findOne by index': (at) => collection.findOne({ state: 'done', at: row(some(at)).at }),
    'page of 50': () => collection.find({ state: 'open' }).sort({ at: -1 }).limit(50).toArray(),
    'page of 50, by cursor': (at) =>
      collection
        .find({ state: 'open', at: { $lt: row(some(at)).at } })
        .sort({ at: -1 })
        .limit(50)
        .toArray(),
    'findOneAndUpdate by _id': (at) => collection.findOneAndUpdate({ _id: some(at) }, { $set: { seen: at } }),
    'update of a key': (at) =>
      collection.updateOne({ _id: some(at) }, { $set: { at: row(some(at + 1)).at } }),
    insertOne: (at) => collection.insertOne(row(10_000_000 + at)),
    upsert: (at) =>
      collection.updateOne({ _id: 20_000_000 + at }, { $set: { state: 'done' } }, { upsert: true }),
    deleteOne: (at) => collection.deleteOne({ _id: 10_000_000 + at }),
    'count of 100 keys': (at) =>
      collection.countDocuments({ state: 'open', at: { $lt: row(some(at)).at } }, { limit: 100 }),
    'count of one in five': () => collection.countDocuments({ state: 'open' }),
  };
}
