import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import mongoose, { Schema } from 'mongoose';
import { startEmbeddedStore } from '../../../../src/platform/mongo/embedded';

let dataDir: string;
let store: { url: string; close(): Promise<void> };
let client: MongoClient;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-store-'));
  await open();
});
afterEach(async () => {
  await client.close();
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function open(): Promise<void> {
  store = await startEmbeddedStore({ dataDir, inWorker: false });
  client = await MongoClient.connect(store.url);
}
const collection = () =>
  client.db('test').collection<{ _id: number | string; [key: string]: unknown }>('things');

test('mongoose writes, reads, updates and deletes', async () => {
  const connection = await mongoose.createConnection(store.url, { dbName: 'shop' }).asPromise();
  const Order = connection.model(
    'Order',
    new Schema({ number: String, items: [String], paid: Boolean }, { timestamps: true }),
  );
  await Order.create({ number: '1', items: ['a'], paid: false });
  const paid = await Order.findOneAndUpdate(
    { number: '1' },
    { $set: { paid: true }, $push: { items: 'b' } },
    { returnDocument: 'after' },
  );
  expect(paid?.toObject()).toMatchObject({ number: '1', items: ['a', 'b'], paid: true });
  expect(await Order.countDocuments({ items: 'b' })).toBe(1);
  await Order.deleteMany({});
  expect(await Order.findOne()).toBeNull();
  await connection.close();
});

test('documents, indexes and the order in which they came survive a restart', async () => {
  await collection().createIndex({ name: 1 }, { unique: true });
  await collection().insertMany([3, 1, 2].map((number) => ({ _id: number, name: `n${number}` })));
  await client.close();
  await store.close();
  await open();
  expect((await collection().find().toArray()).map(({ _id }) => _id)).toEqual([3, 1, 2]);
  await expect(collection().insertOne({ _id: 4, name: 'n1' })).rejects.toMatchObject({
    code: 11000,
    keyValue: { name: 'n1' },
  });
});

test('of fifty upserts of the same thing at once one inserts', async () => {
  await collection().createIndex({ key: 1 }, { unique: true });
  const results = await Promise.allSettled(
    Array.from({ length: 50 }, () =>
      collection().updateOne({ key: 'k' }, { $inc: { n: 1 } } as never, { upsert: true }),
    ),
  );
  expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(await collection().find().toArray()).toMatchObject([{ key: 'k', n: 50 }]);
});

test('an index answers for many values of several fields without looking at other documents', async () => {
  await collection().createIndex(
    { account: 1, who: 1 },
    { unique: true, partialFilterExpression: { isOpen: true } },
  );
  await collection().insertMany(
    Array.from({ length: 1_000 }, (_unused, at) => ({
      _id: at,
      account: at % 5,
      who: `w${at}`,
      isOpen: true,
    })),
  );
  const who = Array.from({ length: 100 }, (_unused, at) => `w${at}`);
  const explained = await collection()
    .find({ isOpen: true, who: { $in: who }, account: { $in: [0, 1, 2, 3, 4] } })
    .explain('executionStats');
  expect(explained.executionStats).toMatchObject({ nReturned: 100, totalDocsExamined: 100 });
});

test('an index answers equality, range and order without looking at other documents', async () => {
  await collection().createIndex({ state: 1, at: -1 });
  await collection().insertMany(
    Array.from({ length: 500 }, (_unused, at) => ({ _id: at, state: at % 5 === 0 ? 'open' : 'done', at })),
  );
  const explained = await collection()
    .find({ state: 'open', at: { $gte: 400 } })
    .sort({ at: -1 })
    .limit(10)
    .explain('executionStats');
  expect(explained.executionStats).toMatchObject({ nReturned: 10, totalDocsExamined: 10 });
  expect(JSON.stringify(explained.queryPlanner)).toContain('IXSCAN');
  const found = await collection()
    .find({ state: 'open', at: { $gte: 400 } })
    .sort({ at: -1 })
    .limit(3)
    .toArray();
  expect(found.map(({ at }) => at)).toEqual([495, 490, 485]);
});

test('what fails in a batch leaves nothing half done, and the rest of an unordered one is written', async () => {
  await collection().createIndex({ key: 1 }, { unique: true });
  const rows = [1, 1, 2].map((key, _id) => ({ _id, key }));
  await expect(collection().insertMany(rows, { ordered: false })).rejects.toMatchObject({ code: 11000 });
  expect(
    (
      await collection()
        .find({ key: { $gte: 0 } })
        .toArray()
    ).map(({ _id }) => _id),
  ).toEqual([0, 2]);
});

test('a partial unique index lets one be open and any number closed', async () => {
  await collection().createIndex({ who: 1 }, { unique: true, partialFilterExpression: { isOpen: true } });
  await collection().insertMany([
    { _id: 1, who: 'a', isOpen: false },
    { _id: 2, who: 'a', isOpen: false },
    { _id: 3, who: 'a', isOpen: true },
  ]);
  await expect(collection().insertOne({ _id: 4, who: 'a', isOpen: true })).rejects.toMatchObject({
    code: 11000,
  });
  await collection().updateOne({ _id: 3 }, { $set: { isOpen: false } });
  await collection().insertOne({ _id: 4, who: 'a', isOpen: true });
});

test.each([
  [{ $set: { a: 1 }, $nope: { b: 1 } }, 9],
  [{ $inc: { text: 1 } }, 14],
  [{ $set: { a: 1 }, $inc: { a: 1 } }, 40],
  [{ $set: { _id: 9 } }, 66],
  [{ $rename: { a: 5 } }, 2],
])('the update %j is refused with %d', async (update, code) => {
  await collection().insertOne({ _id: 1, text: 'x' });
  await expect(collection().updateOne({ _id: 1 }, update as never)).rejects.toMatchObject({ code });
  expect(await collection().findOne({ _id: 1 })).toEqual({ _id: 1, text: 'x' });
});

test.each([
  [{ nope: 1 }, 59],
  [{ find: 'c', filter: { $nope: 1 } }, 2],
  [{ find: 'c', filter: { $text: { $search: 'x' } } }, 238],
  [{ find: 'c', colour: 'red' }, 40415],
  [{ aggregate: 'c', pipeline: [{ $nope: {} }], cursor: {} }, 40324],
  [{ aggregate: 'c', pipeline: [{ $geoNear: {} }], cursor: {} }, 238],
])('the command %j is refused with %d', async (command, code) => {
  await expect(client.db('test').command(command)).rejects.toMatchObject({ code });
});

test('a second owner of the folder is refused in clear words', async () => {
  await expect(startEmbeddedStore({ dataDir, inWorker: false })).rejects.toThrow(
    'in use by another Parley process',
  );
});

test('bytes that are no message end their connection and nothing else', async () => {
  const path = decodeURIComponent(/mongodb:\/\/([^/]+)\//.exec(store.url)?.[1] ?? '');
  for (const bytes of [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.alloc(40, 255),
    Buffer.from([21, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0, 0, 0, 0, 0, 9]),
  ]) {
    const socket = connect(path);
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(bytes);
    await closed;
  }
  expect(await client.db('test').command({ ping: 1 })).toMatchObject({ ok: 1 });
});

test('long results come in batches, and a cursor that is gone says so', async () => {
  await collection().insertMany(Array.from({ length: 250 }, (_unused, _id) => ({ _id })));
  expect(await collection().find().batchSize(30).toArray()).toHaveLength(250);
  await expect(
    client.db('test').command({ getMore: 12345n as never, collection: 'things' }),
  ).rejects.toMatchObject({ code: 43 });
});
