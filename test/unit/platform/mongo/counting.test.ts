import type { Collection, Db, Document } from 'mongodb';
import { dropDatabase, testDatabase } from '../../../support/store';

let db: Db;
let rows: Collection;
const count = 9_000;
beforeAll(async () => {
  db = await testDatabase();
  rows = db.collection('rows');
  await rows.createIndex({ state: 1, at: -1 });
  await rows.insertMany(
    Array.from({ length: count }, (_unused, at) => ({
      _id: at as never,
      state: at % 3 === 0 ? 'open' : 'done',
      at,
    })),
  );
});
afterAll(() => dropDatabase(db));

const filters: Document[] = [
  {},
  { state: 'open' },
  { state: { $in: ['open', 'done', 'none'] } },
  { state: 'done', at: { $gt: 100, $lte: 8_000 } },
  { state: 'none' },
];
const windows = [{}, { skip: 10 }, { limit: 4_500 }, { skip: 2_999, limit: 5 }, { skip: 20_000 }];

test.each(filters)('what an index counts is what is found: %j', async (filter) => {
  const found = (await rows.find(filter).project({ _id: 1 }).toArray()).length;
  for (const window of windows) {
    const { skip = 0, limit = Infinity } = window as { skip?: number; limit?: number };
    const expected = Math.min(Math.max(0, found - skip), limit);
    expect(await rows.countDocuments(filter, window)).toBe(expected);
  }
});

test('what counts something else than documents is not counted by an index', async () => {
  const groups = [
    { n: { $sum: 2 } },
    { n: { $sum: '$at' } },
    { n: { $max: 1 } },
    { n: { $sum: 1 }, m: { $sum: 1 } },
  ];
  const results = await Promise.all(
    groups.map(
      async (fields) =>
        (
          await rows.aggregate([{ $match: { state: 'open' } }, { $group: { _id: 1, ...fields } }]).toArray()
        )[0],
    ),
  );
  expect(results).toEqual([
    { _id: 1, n: 6_000 },
    { _id: 1, n: 13_495_500 },
    { _id: 1, n: 1 },
    { _id: 1, n: 3_000, m: 3_000 },
  ]);
});
