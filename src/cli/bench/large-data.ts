import { readFileSync, statfsSync } from 'node:fs';
import { MongoClient, type Collection } from 'mongodb';
import { startStoreProcess } from './store-process';

interface Row {
  _id: number;
  group: number;
  n: number;
  text: string;
}

const documentBytes = 2_000;
const units: Record<string, number> = { MB: 1e6, GB: 1e9 };

/**
 * What the store's process holds in memory of its own, without the pages of the file that the system maps, while it
 * writes, scans, sorts and groups much more than that. It stops writing after half of the minutes.
 */
export async function memoryOfLargeData(dataDir: string, size: string, minutes: number): Promise<void> {
  const wanted = bytesOf(size);
  const { bavail, bsize } = statfsSync(dataDir);
  // The file, what a sort writes beside it, and room for others.
  if (bavail * bsize < wanted * 4) throw new Error(`${size} need ${(wanted * 4) / 1e9} GB of free disk.`);
  const store = await startStoreProcess(dataDir);
  const client = await MongoClient.connect(store.url);
  const memory = new OwnMemory(store.pid);
  try {
    const rows = client.db('parley_large').collection<Row>('rows');
    const deadline = performance.now() + minutes * 60_000;
    console.log('phase                          s   peak MB of its own (anonymous) memory');
    await memory.during('nothing yet', () => new Promise((done) => setTimeout(done, 500)));
    const count = await memory.during('write', () => fill(rows, wanted, deadline - minutes * 30_000));
    console.log(`${count} documents, ${((count * documentBytes) / 1e9).toFixed(2)} GB`);
    for (const [name, run] of Object.entries(phases(rows)))
      if (performance.now() < deadline) await memory.during(name, run);
      else console.log(`${name.padEnd(24)} not run: the time was over`);
  } finally {
    memory.stop();
    await client.close();
    await store.close();
  }
}

function bytesOf(size: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(MB|GB)$/.exec(size) ?? [];
  if (!number) throw new Error(`--size ${size}: such as 500MB or 2GB`);
  return Number(number) * (units[unit] as number);
}

async function fill(rows: Collection<Row>, bytes: number, until: number): Promise<number> {
  await rows.createIndex({ group: 1 });
  let count = 0;
  while (count * documentBytes < bytes && performance.now() < until) {
    const from = count;
    await rows.insertMany(Array.from({ length: 1_000 }, (_unused, at) => row(from + at)));
    count += 1_000;
  }
  return count;
}

const row = (at: number): Row => ({
  _id: at,
  group: at % 1_000,
  n: (at * 7_919) % 1_000_003,
  text: `${at} `.padEnd(documentBytes - 80, 'abcdefghij '),
});

const phases = (rows: Collection<Row>): Record<string, () => Promise<unknown>> => ({
  scan: async () => {
    for await (const _row of rows.find().batchSize(1_000)) continue;
  },
  'count without index': () => rows.countDocuments({ text: /^x/ }),
  'sort, the first 50': () => rows.find().sort({ n: -1 }).limit(50).toArray(),
  'sort of all': async () => {
    for await (const _row of rows.find().sort({ n: -1 }).batchSize(1_000)) continue;
  },
  'group of 1,000': () => rows.aggregate([{ $group: { _id: '$group', n: { $sum: '$n' } } }]).toArray(),
  'group of each': () =>
    rows.aggregate([{ $group: { _id: '$text', n: { $sum: '$n' } } }, { $count: 'groups' }]).toArray(),
  'update of all': () => rows.updateMany({}, { $inc: { n: 1 } }),
});

/** Looked at ten times a second. */
class OwnMemory {
  private peak = 0;
  private readonly looking: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    this.looking = setInterval(() => this.look(), 100);
  }

  async during<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.peak = 0;
    const startedAt = performance.now();
    const result = await work();
    this.look();
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    console.log(`${name.padEnd(24)} ${seconds.padStart(7)}   ${(this.peak / 1_000).toFixed(0)}`);
    return result;
  }

  stop(): void {
    clearInterval(this.looking);
  }

  private look(): void {
    const [, kB = 'NaN'] = /RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8')) ?? [];
    this.peak = Math.max(this.peak, Number(kB));
  }
}
