import type { Collection, Db, Document, FindOptions } from 'mongodb';
import { dropDatabase, testDatabase } from '../../../../../support/store';

/**
 * Order, skip and limit: MongoDB's manual, reference/method/cursor.sort, .skip and .limit. Asked with and without an
 * index on `v`, which must change nothing, and of a MongoDB server where there is one.
 */
const values = [3, [], null, 'a', [2, 9], undefined, 1];
const docs: Document[] = values.map((v, _id) => ({ _id, ...(v !== undefined && { v }) }));

type Row = [filter: Document, options: FindOptions, ids: number[]];
const anywhere: Row[] = [
  // An array stands by its least item, downwards by its greatest.
  [{}, { sort: { v: 1, _id: 1 } }, [1, 2, 5, 6, 4, 0, 3]],
  [{}, { sort: { v: 1, _id: 1 }, skip: 2, limit: 2 }, [5, 6]],
  [{}, { sort: { _id: 1 }, skip: 5 }, [5, 6]],
  [{}, { sort: { _id: -1 }, limit: 1 }, [6]],
  [{}, { sort: { _id: 1 }, skip: 7 }, []],
  // A document that stands under several keys comes once.
  [{ v: { $gte: 1 } }, { sort: { v: 1 } }, [6, 4, 0]],
  [{ v: { $in: [2, 9] } }, { sort: { _id: 1 } }, [4]],
  [{ v: { $gte: 2 } }, { sort: { v: 1 }, skip: 1, limit: 1 }, [0]],
];
/** An empty array is less than null and than what is missing; in the second server of the tests it is neither. */
const here: Row[] = [
  [{}, { sort: { v: -1, _id: 1 } }, [3, 4, 0, 6, 2, 5, 1]],
  [{}, { sort: { v: 1, _id: -1 } }, [1, 5, 2, 6, 4, 0, 3]],
];
const asked = process.env['TEST_MONGODB_URL'] ? anywhere : [...anywhere, ...here];

let db: Db;
let rows: Collection<Document>;
beforeAll(async () => {
  db = await testDatabase();
  rows = db.collection('rows');
  await rows.insertMany(docs);
});
afterAll(() => dropDatabase(db));

describe.each([false, true])('with an index: %s', (isIndexed) => {
  beforeAll(async () => {
    if (isIndexed) await rows.createIndex({ v: 1 });
  });

  test.each(asked)('%j with %j', async (filter, options, wanted) => {
    const found = await rows.find(filter, { ...options, projection: { _id: 1 } }).toArray();
    expect(found.map(({ _id }) => Number(_id))).toEqual(wanted);
  });
});
