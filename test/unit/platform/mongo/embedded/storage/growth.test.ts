import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { startEmbeddedStore } from '../../../../../../src/platform/mongo/embedded';

/** LMDB maps so much of the file at first; where that is full, its own store would refuse writes. */
const firstMapBytes = 128 * 1024;
const textOf = (at: number) => String.fromCharCode(97 + (at % 26)).repeat(10_000);

test('the map of the file grows by itself, while a search stands still over what was mapped before', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-growth-'));
  const store = await startEmbeddedStore({ dataDir, inWorker: false });
  const client = await MongoClient.connect(store.url);
  const rows = client.db('test').collection<{ _id: number; text: string }>('rows');
  const insert = (from: number, to: number) =>
    rows.insertMany(Array.from({ length: to - from }, (_unused, at) => ({ _id: from + at, text: textOf(from + at) }))); // prettier-ignore
  await insert(0, 40);
  const standing = rows.find({ _id: { $lt: 40 } }).batchSize(5);
  const seen = [await standing.next()];
  for (let from = 40; from < 2_000; from += 280) await insert(from, from + 280);
  expect(statSync(join(dataDir, 'store.lmdb')).size).toBeGreaterThan(100 * firstMapBytes);
  seen.push(...(await standing.toArray()));
  expect(seen).toEqual(Array.from({ length: 40 }, (_unused, at) => ({ _id: at, text: textOf(at) })));
  const all = await rows.find().toArray();
  expect(all).toHaveLength(2_000);
  expect(all.filter(({ _id, text }) => text !== textOf(_id))).toEqual([]);
  await client.close();
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});
