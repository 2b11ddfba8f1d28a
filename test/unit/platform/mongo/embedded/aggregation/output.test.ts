import type { Collection, Db, Document } from 'mongodb';
import { dropDatabase, testDatabase } from '../../../../../support/store';

/** What `$out` and `$merge` leave behind, and what others see of them on the way. */
let db: Db;
let rows: Collection<Document>;
let made: Collection<Document>;
/** As MongoDB's manual says; the second server of the tests does otherwise. */
const here = process.env['TEST_MONGODB_URL'] ? test.skip : test;
const count = 3_000;
beforeAll(async () => {
  db = await testDatabase();
  rows = db.collection('rows');
  await rows.insertMany(
    Array.from({ length: count }, (_unused, at) => ({ _id: at, n: at % 10 }) as Document),
  );
});
beforeEach(async () => {
  made = db.collection('made');
  await made.drop();
  await made.createIndex({ n: 1, _id: 1 }, { unique: true, name: 'both' });
  await made.insertMany([1, 2, 3].map((_id) => ({ _id, old: true }) as Document));
});
afterAll(() => dropDatabase(db));

const contents = async () => (await made.find().sort({ _id: 1 }).toArray()).map(({ _id }) => Number(_id));

here('out: others see all that was there before, or all that comes, and nothing else', async () => {
  const ended = rows.aggregate([{ $out: 'made' }]).toArray();
  let isRunning = true;
  void ended.finally(() => (isRunning = false));
  const seen = new Set<number>();
  while (isRunning) {
    seen.add(await made.countDocuments({}));
    expect(await rows.findOne({ _id: 17 } as Document)).not.toBeNull();
  }
  await ended;
  seen.add(await made.countDocuments({}));
  expect([...seen]).toEqual([3, count]);
  expect((await db.listCollections().toArray()).map(({ name }) => name).sort()).toEqual(['made', 'rows']);
});

test('out: indexes stay, and hold for what comes', async () => {
  await rows.aggregate([{ $limit: 5 }, { $out: 'made' }]).toArray();
  expect((await made.indexes()).map(({ name }) => name)).toEqual(['_id_', 'both']);
  expect(await made.find({ n: 3 }).hint('both').toArray()).toEqual([{ _id: 3, n: 3 }]);
});

test('out: where it fails, also late, everything is as it was', async () => {
  await made.createIndex({ one: 1 }, { unique: true, sparse: true });
  const late = { $set: { one: { $cond: [{ $gte: ['$_id', count - 2] }, 1, '$_id'] } } };
  await expect(rows.aggregate([late, { $out: 'made' }]).toArray()).rejects.toMatchObject({ code: 11000 });
  const broken = { $set: { x: { $divide: [1, { $subtract: ['$_id', count - 1] }] } } };
  await expect(rows.aggregate([broken, { $out: 'made' }]).toArray()).rejects.toThrow();
  expect(await contents()).toEqual([1, 2, 3]);
  expect(await made.indexes()).toHaveLength(3);
});

here('out: a pipeline may replace what it reads', async () => {
  const same = db.collection<Document>('made');
  await same
    .aggregate([{ $match: { _id: { $gt: 1 } } }, { $set: { seen: true } }, { $out: 'made' }])
    .toArray();
  expect(await same.find().sort({ _id: 1 }).toArray()).toEqual(
    [2, 3].map((_id) => ({ _id, old: true, seen: true })),
  );
});

here('merge: one that fails leaves what it had written before', async () => {
  const stages: Document[] = [{ $match: { _id: { $gte: 2, $lt: 9 } } }, { $sort: { _id: -1 } }];
  const merge = { $merge: { into: 'made', whenMatched: 'fail' } };
  await expect(rows.aggregate([...stages, merge]).toArray()).rejects.toMatchObject({ code: 11000 });
  expect(await contents()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('merge: what it writes into what it reads is not read again', async () => {
  const moved = { $set: { _id: { $add: ['$_id', 100] } } };
  await made.aggregate([moved, { $merge: { into: 'made' } }]).toArray();
  expect(await contents()).toEqual([1, 2, 3, 101, 102, 103]);
});
