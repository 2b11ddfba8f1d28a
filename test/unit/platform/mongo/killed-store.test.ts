import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MongoClient } from 'mongodb';
import { startEmbeddedStore } from '../../../../src/platform/mongo/embedded';
import { seededRandom, chooseSeed } from '../../../support/random';

/** The full number takes minutes: `STORE_KILLS=200 npx jest test/unit/platform/mongo/killed-store`. */
const kills = Number(process.env['STORE_KILLS'] ?? 3);
const writers = 4;

interface Written {
  /** Ids whose insert was acknowledged. */
  inserted: Set<string>;
  /** For each writer: how often its counter was acknowledged. */
  counted: number[];
}

let dataDir: string;
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'parley-killed-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test(
  `of ${kills} kills with concurrent writers none loses what was acknowledged`,
  async () => {
    const random = seededRandom(chooseSeed('killed store'));
    const written: Written = { inserted: new Set(), counted: Array.from({ length: writers }, () => 0) };
    for (let kill = 0; kill < kills; kill++) {
      const { child, url } = await startProcess();
      const client = await MongoClient.connect(url, { retryWrites: false, serverSelectionTimeoutMS: 2_000 });
      await check(client, written);
      const until = written.inserted.size + 20 + Math.floor(random() * 200);
      const writing = Array.from({ length: writers }, (_unused, writer) =>
        write(client, { writer, kill, written }),
      );
      while (written.inserted.size < until) await new Promise((done) => setTimeout(done, 1));
      child.kill('SIGKILL');
      await once(child, 'exit');
      await Promise.all(writing);
      await client.close(true);
    }
    const store = await startEmbeddedStore({ dataDir: join(dataDir, 'store'), inWorker: false });
    const client = await MongoClient.connect(store.url);
    await check(client, written);
    await client.close();
    await store.close();
    expect(written.inserted.size).toBeGreaterThanOrEqual(kills * 20);
  },
  60_000 + kills * 10_000,
);

async function startProcess(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/store.ts', '--port', '0'], {
    cwd: resolve(__dirname, '../../../..'),
    env: { PATH: process.env['PATH'] ?? '', PARLEY_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [Buffer | number];
  if (!(line instanceof Buffer)) throw new Error(`The store ended at its start: ${line}`);
  return { child, url: line.toString().trim() };
}

/** Until the store is gone: inserts, a counter, and two fields that change together. */
async function write(
  client: MongoClient,
  { writer, kill, written }: { writer: number; kill: number; written: Written },
): Promise<void> {
  const rows = client.db('test').collection<{ _id: string }>('rows');
  const counters = client.db('test').collection<{ _id: number; n: number }>('counters');
  for (let at = 0; ; at++)
    try {
      const _id = `${kill}-${writer}-${at}`;
      await rows.insertOne({ _id, key: _id, a: 0, b: 0, tags: [`w${writer}`, `k${kill}`] } as never);
      written.inserted.add(_id);
      await counters.updateOne({ _id: writer }, { $inc: { n: 1 } }, { upsert: true });
      written.counted[writer] = (written.counted[writer] ?? 0) + 1;
      await rows.updateOne({ _id }, { $set: { a: at, b: at } } as never);
    } catch {
      return;
    }
}

async function check(client: MongoClient, { inserted, counted }: Written): Promise<void> {
  const rows = client.db('test').collection<{ _id: string; a: number; b: number }>('rows');
  await rows.createIndex({ key: 1 }, { unique: true });
  await rows.createIndex({ tags: 1, a: -1 });
  const found = await rows.find().hint({ $natural: 1 }).toArray();
  const ids = new Set(found.map(({ _id }) => _id));
  expect([...inserted].filter((id) => !ids.has(id))).toEqual([]);
  expect(found.filter(({ a, b }) => a !== b)).toEqual([]);
  for (const hint of ['_id_', 'key_1', 'tags_1_a_-1'])
    expect(
      (
        await rows
          .find({ key: { $gte: '' }, _id: { $gte: '' }, tags: { $gte: '' } } as never)
          .hint(hint)
          .toArray()
      ).length,
    ).toBe(found.length);
  for (const { _id, n } of await client
    .db('test')
    .collection<{ _id: number; n: number }>('counters')
    .find()
    .toArray())
    expect(n).toBeGreaterThanOrEqual(counted[_id] ?? 0);
}

test('bytes behind the last commit, as a torn write leaves them, do not matter', async () => {
  const filled = await startEmbeddedStore({ dataDir, inWorker: false });
  const before = await MongoClient.connect(filled.url);
  await before
    .db('test')
    .collection('rows')
    .insertMany(Array.from({ length: 200 }, (_unused, at) => ({ _id: at as never })));
  await before.close();
  await filled.close();
  const file = join(dataDir, 'store.lmdb');
  const size = statSync(file).size;
  for (const torn of [1, 100, 4_095, 4_096, 10_000]) {
    writeFileSync(file, Buffer.concat([readFileSync(file).subarray(0, size), Buffer.alloc(torn, 0xa5)]));
    const store = await startEmbeddedStore({ dataDir, inWorker: false });
    const client = await MongoClient.connect(store.url);
    expect(
      await client
        .db('test')
        .collection('rows')
        .countDocuments({ _id: { $gte: 0 as never } }),
    ).toBe(200);
    await client.close();
    await store.close();
  }
  truncateSync(file, Math.max(size, 8_192));
});
