import type { Collection, Db, Document } from 'mongodb';
import { dropDatabase, testDatabase } from '../../../../../support/store';

/**
 * What comes out of a stage? Each row: a page of MongoDB's manual (reference/operator/aggregation/…), the documents,
 * a pipeline, and what it gives, in this order. Also run against a MongoDB server where there is one.
 */
type Row = [page: string, docs: Document[], pipeline: Document[], given: Document[]];

const sales: Document[] = [
  { _id: 1, item: 'a', n: 2, at: new Date('2024-01-05T00:00:00Z') },
  { _id: 2, item: 'b', n: 5, at: new Date('2024-02-05T00:00:00Z') },
  { _id: 3, item: 'a', n: 3, at: new Date('2024-02-20T00:00:00Z') },
];
const tagged: Document[] = [
  { _id: 1, tags: ['x', 'y'] },
  { _id: 2, tags: [] },
  { _id: 3 },
  { _id: 4, tags: 'z' },
  { _id: 5, tags: null },
];

const oneByOne: Row[] = [
  ['match', sales, [{ $match: { item: 'a' } }, { $project: { n: 1 } }], [{ _id: 1, n: 2 }, { _id: 3, n: 3 }]],
  ['project', sales, [{ $limit: 1 }, { $project: { _id: 0, double: { $multiply: ['$n', 2] } } }], [{ double: 4 }]],
  ['project', [{ _id: 1, a: [{ b: 1 }, [{ b: 2 }], 3] }], [{ $project: { b: '$a.b' } }], [{ _id: 1, b: [1] }]],
  ['project', [{ _id: 1 }], [{ $project: { a: { b: '$missing' } } }], [{ _id: 1, a: {} }]],
  ['addFields', [{ _id: 1, a: { b: 1 } }], [{ $addFields: { 'a.c': 2, d: '$a.b' } }], [{ _id: 1, a: { b: 1, c: 2 }, d: 1 }]],
  ['set', [{ _id: 1, a: 1 }], [{ $set: { a: '$$REMOVE' } }], [{ _id: 1 }]],
  ['unset', [{ _id: 1, a: { b: 1, c: 2 }, d: 3 }], [{ $unset: ['a.b', 'd'] }], [{ _id: 1, a: { c: 2 } }]],
  ['replaceRoot', [{ _id: 1, a: { b: 2 } }], [{ $replaceRoot: { newRoot: '$a' } }], [{ b: 2 }]],
  ['replaceWith', [{ _id: 1, a: { b: 2 } }], [{ $replaceWith: { $mergeObjects: [{ c: 1 }, '$a'] } }], [{ c: 1, b: 2 }]],
  ['skip', sales, [{ $sort: { _id: 1 } }, { $skip: 2 }, { $project: { _id: 1 } }], [{ _id: 3 }]],
  ['sort', sales, [{ $sort: { item: 1, n: -1 } }, { $project: { _id: 1 } }], [{ _id: 3 }, { _id: 1 }, { _id: 2 }]],
  ['unwind', tagged, [{ $unwind: '$tags' }, { $sort: { _id: 1, tags: 1 } }], [{ _id: 1, tags: 'x' }, { _id: 1, tags: 'y' }, { _id: 4, tags: 'z' }]],
  ['unwind', tagged, [{ $unwind: { path: '$tags', preserveNullAndEmptyArrays: true, includeArrayIndex: 'at' } }, { $match: { _id: { $gt: 1 } } }, { $sort: { _id: 1 } }, { $project: { tags: 1, hasAt: { $ne: ['$at', null] } } }], [{ _id: 2, hasAt: false }, { _id: 3, hasAt: false }, { _id: 4, tags: 'z', hasAt: false }, { _id: 5, tags: null, hasAt: false }]],
]; // prettier-ignore

const together: Row[] = [
  ['count', sales, [{ $match: { item: 'a' } }, { $count: 'sold' }], [{ sold: 2 }]],
  ['group', sales, [{ $group: { _id: '$item', n: { $sum: '$n' }, most: { $max: '$n' }, mean: { $avg: '$n' } } }, { $sort: { _id: 1 } }], [{ _id: 'a', n: 5, most: 3, mean: 2.5 }, { _id: 'b', n: 5, most: 5, mean: 5 }]],
  ['group', sales, [{ $sort: { n: 1 } }, { $group: { _id: null, first: { $first: '$_id' }, last: { $last: '$_id' }, all: { $push: '$n' } } }], [{ _id: null, first: 1, last: 2, all: [2, 3, 5] }]],
  ['group', [{ _id: 1, v: 1 }, { _id: 2, v: 'x' }, { _id: 3 }], [{ $group: { _id: null, sum: { $sum: '$v' }, avg: { $avg: '$v' }, count: { $sum: 1 } } }], [{ _id: null, sum: 1, avg: 1, count: 3 }]],
  ['group', [{ _id: 1, v: 'x' }], [{ $group: { _id: null, sum: { $sum: '$v' }, avg: { $avg: '$v' }, min: { $min: '$missing' } } }], [{ _id: null, sum: 0, avg: null, min: null }]],
  ['group', [{ _id: 1, g: null }, { _id: 2 }, { _id: 3, g: 1 }], [{ $group: { _id: '$g', n: { $sum: 1 } } }, { $sort: { _id: 1 } }], [{ _id: null, n: 2 }, { _id: 1, n: 1 }]],
  ['group', sales, [{ $group: { _id: { item: '$item', month: { $month: '$at' } }, n: { $sum: 1 } } }, { $match: { '_id.month': 1 } }], [{ _id: { item: 'a', month: 1 }, n: 1 }]],
  ['sortByCount', sales, [{ $sortByCount: '$item' }], [{ _id: 'a', count: 2 }, { _id: 'b', count: 1 }]],
  ['bucket', sales, [{ $bucket: { groupBy: '$n', boundaries: [0, 3, 5], default: 'more', output: { n: { $sum: '$n' } } } }], [{ _id: 0, n: 2 }, { _id: 3, n: 3 }, { _id: 'more', n: 5 }]],
  ['facet', sales, [{ $facet: { all: [{ $count: 'n' }], none: [{ $match: { n: 9 } }] } }], [{ all: [{ n: 3 }], none: [] }]],
  ['setWindowFields', sales, [{ $setWindowFields: { partitionBy: '$item', sortBy: { at: 1 }, output: { so: { $sum: '$n', window: { documents: ['unbounded', 'current'] } } } } }, { $sort: { _id: 1 } }, { $project: { so: 1 } }], [{ _id: 1, so: 2 }, { _id: 2, so: 5 }, { _id: 3, so: 5 }]],
]; // prettier-ignore

const joins: Row[] = [
  ['lookup', sales, [{ $match: { _id: { $lt: 3 } } }, { $lookup: { from: 'items', localField: 'item', foreignField: 'code', as: 'found' } }, { $sort: { _id: 1 } }, { $project: { found: 1 } }], [{ _id: 1, found: [{ _id: 1, code: 'a', price: 7 }] }, { _id: 2, found: [] }]],
  ['lookup', [{ _id: 1, min: 6 }], [{ $lookup: { from: 'items', let: { min: '$min' }, pipeline: [{ $match: { $expr: { $gt: ['$price', '$$min'] } } }, { $project: { _id: 0, code: 1 } }], as: 'found' } }], [{ _id: 1, min: 6, found: [{ code: 'a' }] }]],
  ['lookup', [{ _id: 1 }], [{ $lookup: { from: 'items', localField: 'none', foreignField: 'none', as: 'found' } }, { $project: { n: { $size: '$found' } } }], [{ _id: 1, n: 2 }]],
  ['unionWith', [{ _id: 9 }], [{ $unionWith: { coll: 'items', pipeline: [{ $match: { code: 'c' } }] } }, { $project: { _id: 1 } }], [{ _id: 9 }, { _id: 2 }]],
  ['graphLookup', [{ _id: 1, next: 2 }, { _id: 2, next: 3 }, { _id: 3 }], [{ $match: { _id: 1 } }, { $graphLookup: { from: 'rows', startWith: '$next', connectFromField: 'next', connectToField: '_id', as: 'way' } }, { $project: { n: { $size: '$way' } } }], [{ _id: 1, n: 2 }]],
]; // prettier-ignore

const refused: [page: string, pipeline: Document[], code: number][] = [
  ['aggregation-pipeline', [{ $unknown: 1 }], 40324],
  ['aggregation-pipeline', [{ $limit: 1, $skip: 1 }], 40323],
  ['limit', [{ $limit: 0 }], 15958],
  ['skip', [{ $skip: -1 }], 5107200],
  ['group', [{ $group: { n: { $sum: 1 } } }], 15955],
  ['group', [{ $group: { _id: 1, n: 1 } }], 40234],
  ['unwind', [{ $unwind: 'tags' }], 28818],
  ['count', [{ $count: '' }], 40156],
  ['replaceRoot', [{ $replaceRoot: { newRoot: 1 } }], 40228],
];

/** The second server of the tests answers these otherwise than MongoDB. */
const here: Row[] = [['count', sales, [{ $match: { item: 'none' } }, { $count: 'sold' }], []]];

const onServer = Boolean(process.env['TEST_MONGODB_URL']);
let db: Db;
let rows: Collection<Document>;
beforeAll(async () => {
  db = await testDatabase();
  rows = db.collection('rows');
  const items: Document[] = [{ _id: 1, code: 'a', price: 7 }, { _id: 2, code: 'c', price: 5 }]; // prettier-ignore
  await db.collection<Document>('items').insertMany(items);
});
beforeEach(() => rows.deleteMany({}));
afterAll(() => dropDatabase(db));

test.each([...oneByOne, ...together, ...joins, ...(onServer ? [] : here)])(
  '%s: %j by %j',
  async (_page, docs, pipeline, given) => {
    await rows.insertMany(docs);
    expect(JSON.stringify(await rows.aggregate(pipeline).toArray())).toBe(JSON.stringify(given));
  },
);

test.each(refused)('%s: %j is refused', async (_page, pipeline, code) => {
  await rows.insertOne({ _id: 1 } as Document);
  await expect(rows.aggregate(pipeline).toArray()).rejects.toMatchObject({ code });
});

test('out: what was in the collection before is gone, and merge: it is kept and changed', async () => {
  await rows.insertMany(sales);
  const made = db.collection<Document>('made');
  await made.insertOne({ _id: 9 } as Document);
  await rows.aggregate([{ $match: { item: 'b' } }, { $project: { n: 1 } }, { $out: 'made' }]).toArray();
  expect(await made.find().toArray()).toEqual([{ _id: 2, n: 5 }]);
  await rows.aggregate([{ $project: { item: 1 } }, { $merge: { into: 'made' } }]).toArray();
  expect(await made.find({ _id: { $lt: 3 } } as Document).sort({ _id: 1 }).toArray()).toEqual([
    { _id: 1, item: 'a' },
    { _id: 2, n: 5, item: 'b' },
  ]); // prettier-ignore
});
