import { Decimal128, Double, EJSON, Int32, Long } from 'bson';
import type { Collection, Db, Document } from 'mongodb';
import { dropDatabase, testDatabase } from '../../../../../support/store';

/**
 * What becomes of a document? Each row: a page of MongoDB's manual (reference/operator/update/…), what the document
 * holds beside its `_id`, an update, and what it holds then: types and the order of fields count.
 * Also run against a MongoDB server where there is one.
 */
type Row = [
  page: string,
  before: Document,
  update: Document | Document[],
  after: Document,
  more?: { filter?: Document; arrayFilters?: Document[] },
];

const fields: Row[] = [
  ['set', { a: 1 }, { $set: { b: { c: 2 } } }, { a: 1, b: { c: 2 } }],
  ['set', { a: 1 }, { $set: { 'b.c': 2 } }, { a: 1, b: { c: 2 } }],
  ['set', { v: [1] }, { $set: { 'v.3': 4 } }, { v: [1, null, null, 4] }],
  ['set', { v: [{ a: 1 }] }, { $set: { 'v.0.a': 2 } }, { v: [{ a: 2 }] }],
  ['set', { a: 1, b: 2 }, { $set: { a: 3 } }, { a: 3, b: 2 }],
  ['unset', { a: 1, b: 2 }, { $unset: { a: '' } }, { b: 2 }],
  ['unset', { v: [1, 2] }, { $unset: { 'v.0': '' } }, { v: [null, 2] }],
  ['unset', { a: 1 }, { $unset: { 'a.b': '', c: '' } }, { a: 1 }],
  ['unset', { v: [1, 2] }, { $unset: { 'v.2': '' } }, { v: [1, 2] }],
  ['rename', { a: 1, b: 2 }, { $rename: { a: 'c' } }, { b: 2, c: 1 }],
  ['rename', { a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }],
  ['rename', { a: { b: 1 } }, { $rename: { 'a.b': 'c' } }, { a: {}, c: 1 }],
  ['rename', { b: 2 }, { $rename: { a: 'b' } }, { b: 2 }],
  ['min', { a: 5 }, { $min: { a: 3, b: 1 } }, { a: 3, b: 1 }],
  ['min', { a: 5 }, { $min: { a: 5.5 } }, { a: 5 }],
  ['min', { a: new Int32(5) }, { $min: { a: new Double(5) } }, { a: new Int32(5) }],
  ['max', { a: 5 }, { $max: { a: 7 } }, { a: 7 }],
  ['max', { a: 5 }, { $max: { a: 'x' } }, { a: 'x' }],
  ['setOnInsert', { a: 1 }, { $setOnInsert: { b: 1 }, $set: { c: 1 } }, { a: 1, c: 1 }],
];

const numbers: Row[] = [
  ['inc', { a: 1 }, { $inc: { a: 2, b: 3 } }, { a: 3, b: 3 }],
  ['inc', { a: new Int32(2_147_483_647) }, { $inc: { a: new Int32(1) } }, { a: Long.fromNumber(2_147_483_648) }],
  ['inc', { a: new Int32(1) }, { $inc: { a: new Double(1) } }, { a: new Double(2) }],
  ['inc', { a: new Int32(1) }, { $inc: { a: Long.fromNumber(1) } }, { a: Long.fromNumber(2) }],
  ['inc', { a: new Int32(1) }, { $inc: { a: Decimal128.fromString('0.1') } }, { a: Decimal128.fromString('1.1') }],
  ['mul', { a: 3 }, { $mul: { a: 2 } }, { a: 6 }],
  ['mul', {}, { $mul: { a: new Int32(5) } }, { a: new Int32(0) }],
  ['mul', {}, { $mul: { a: Long.fromNumber(5) } }, { a: Long.fromNumber(0) }],
  ['mul', { a: new Int32(65_536) }, { $mul: { a: new Int32(65_536) } }, { a: Long.fromNumber(4_294_967_296) }],
  ['bit', { a: new Int32(13) }, { $bit: { a: { and: new Int32(10) } } }, { a: new Int32(8) }],
  ['bit', { a: new Int32(3) }, { $bit: { a: { or: new Int32(5) } } }, { a: new Int32(7) }],
  ['bit', { a: new Int32(1) }, { $bit: { a: { xor: new Int32(5) } } }, { a: new Int32(4) }],
]; // prettier-ignore

const arrays: Row[] = [
  ['push', {}, { $push: { v: 1 } }, { v: [1] }],
  ['push', { v: [1] }, { $push: { v: [2, 3] } }, { v: [1, [2, 3]] }],
  ['push', { v: [1] }, { $push: { v: { $each: [2, 3] } } }, { v: [1, 2, 3] }],
  ['position', { v: [1, 2] }, { $push: { v: { $each: [9], $position: 0 } } }, { v: [9, 1, 2] }],
  ['position', { v: [1, 2] }, { $push: { v: { $each: [9], $position: -1 } } }, { v: [1, 9, 2] }],
  ['position', { v: [1, 2] }, { $push: { v: { $each: [9], $position: -7 } } }, { v: [9, 1, 2] }],
  ['position', { v: [1, 2] }, { $push: { v: { $each: [9], $position: 7 } } }, { v: [1, 2, 9] }],
  ['sort', { v: [3, 1] }, { $push: { v: { $each: [2], $sort: -1 } } }, { v: [3, 2, 1] }],
  ['sort', { v: [{ a: 2 }, { a: 1 }] }, { $push: { v: { $each: [], $sort: { a: 1 } } } }, { v: [{ a: 1 }, { a: 2 }] }],
  ['slice', { v: [1, 2] }, { $push: { v: { $each: [3], $slice: -2 } } }, { v: [2, 3] }],
  ['slice', { v: [1, 2] }, { $push: { v: { $each: [3], $slice: 2 } } }, { v: [1, 2] }],
  ['slice', { v: [1, 2] }, { $push: { v: { $each: [3], $slice: 0 } } }, { v: [] }],
  ['sort', { v: [{ a: [1] }, { a: 2 }] }, { $push: { v: { $each: [], $sort: { a: 1 } } } }, { v: [{ a: 2 }, { a: [1] }] }],
  ['slice', { v: [3, 1] }, { $push: { v: { $each: [2], $sort: 1, $slice: 2 } } }, { v: [1, 2] }],
  ['addToSet', { v: [1] }, { $addToSet: { v: 1 } }, { v: [1] }],
  ['addToSet', { v: [1] }, { $addToSet: { v: { $each: [2, 1, 2] } } }, { v: [1, 2] }],
  ['addToSet', { v: [{ a: 1, b: 2 }] }, { $addToSet: { v: { b: 2, a: 1 } } }, { v: [{ a: 1, b: 2 }, { b: 2, a: 1 }] }],
  ['pull', { v: [1, 2, 1, 3] }, { $pull: { v: 1 } }, { v: [2, 3] }],
  ['pull', { v: [1, 5, 9] }, { $pull: { v: { $gte: 5 } } }, { v: [1] }],
  ['pull', { v: [{ a: 1, b: 1 }, { a: 2 }] }, { $pull: { v: { a: 1 } } }, { v: [{ a: 2 }] }],
  ['pull', { v: [{ a: [1, 2] }, { a: [3] }] }, { $pull: { v: { a: { $elemMatch: { $gt: 2 } } } } }, { v: [{ a: [1, 2] }] }],
  ['pull', { a: 1 }, { $pull: { v: 1 } }, { a: 1 }],
  ['pullAll', { v: [1, 2, 3, 1] }, { $pullAll: { v: [1, 3] } }, { v: [2] }],
  ['pop', { v: [1, 2, 3] }, { $pop: { v: 1 } }, { v: [1, 2] }],
  ['pop', { v: [1, 2, 3] }, { $pop: { v: -1 } }, { v: [2, 3] }],
  ['pop', { v: [] }, { $pop: { v: 1 } }, { v: [] }],
]; // prettier-ignore

const positions: Row[] = [
  ['positional', { v: [1, 5, 5] }, { $set: { 'v.$': 9 } }, { v: [1, 9, 5] }, { filter: { v: 5 } }],
  ['positional', { v: [{ a: 1 }, { a: 2 }] }, { $inc: { 'v.$.b': 1 } }, { v: [{ a: 1 }, { a: 2, b: 1 }] }, { filter: { 'v.a': 2 } }],
  ['positional', { v: [{ a: 2, b: 1 }, { a: 2, b: 2 }] }, { $set: { 'v.$.c': 1 } }, { v: [{ a: 2, b: 1 }, { a: 2, b: 2, c: 1 }] }, { filter: { v: { $elemMatch: { a: 2, b: { $gt: 1 } } } } }],
  ['positional', { v: [1, 5], w: [7, 8, 9] }, { $set: { 'v.$': 0 } }, { v: [1, 0], w: [7, 8, 9] }, { filter: { w: { $ne: 1 }, v: 5 } }],
  ['positional-all', { v: [1, 2] }, { $inc: { 'v.$[]': 10 } }, { v: [11, 12] }],
  ['positional-all', { v: [{ w: [1] }, { w: [2, 3] }] }, { $mul: { 'v.$[].w.$[]': 2 } }, { v: [{ w: [2] }, { w: [4, 6] }] }],
  ['positional-filtered', { v: [1, 5, 9] }, { $set: { 'v.$[big]': 0 } }, { v: [1, 0, 0] }, { arrayFilters: [{ big: { $gte: 5 } }] }],
  ['positional-filtered', { v: [{ a: 1 }, { a: 2 }] }, { $set: { 'v.$[one].b': 1 } }, { v: [{ a: 1 }, { a: 2, b: 1 }] }, { arrayFilters: [{ 'one.a': 2 }] }],
]; // prettier-ignore

const pipelines: Row[] = [
  ['pipeline', { a: 1, b: 2 }, [{ $set: { c: { $add: ['$a', '$b'] } } }], { a: 1, b: 2, c: 3 }],
  ['pipeline', { a: 1, b: 2 }, [{ $unset: 'a' }, { $set: { b: '$$REMOVE' } }], {}],
  ['pipeline', { a: 1 }, [{ $replaceWith: { _id: '$_id', n: '$a' } }], { n: 1 }],
];

const refused: [page: string, before: Document, update: Document, code: number][] = [
  ['pull', { a: 1 }, { $pull: { 'a.b': 1 } }, 28],
  ['pullAll', { a: [1] }, { $pullAll: { 'a.b': [1] } }, 28],
  ['pop', { a: 'x' }, { $pop: { 'a.b': 1 } }, 28],
  ['rename', { a: 1 }, { $rename: { 'a.b': 'c' } }, 28],
  ['update', { a: 1 }, { $unknown: { a: 1 } }, 9],
  ['update', { a: 1 }, { $set: { _id: 2 } }, 66],
  ['update', { a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  ['update', { a: 1 }, { $set: { a: 1, 'a.b': 1 } }, 40],
  ['set', { a: 1 }, { $set: { 'a.b': 1 } }, 28],
  ['set', { v: [1] }, { $set: { 'v.x': 1 } }, 28],
  ['inc', { a: 'x' }, { $inc: { a: 1 } }, 14],
  ['inc', { a: 1 }, { $inc: { a: 'x' } }, 14],
  ['inc', { a: null }, { $inc: { a: 1 } }, 14],
  ['inc', { a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
  ['push', { v: 1 }, { $push: { v: 1 } }, 2],
  ['addToSet', { v: 1 }, { $addToSet: { v: 1 } }, 2],
  ['pull', { v: 1 }, { $pull: { v: 1 } }, 2],
  ['pop', { v: [1] }, { $pop: { v: 2 } }, 9],
  ['positional', { v: [1] }, { $set: { 'v.$': 1 } }, 2],
  ['bit', { a: 1.5 }, { $bit: { a: { and: 1 } } }, 2],
];

/** The second server of the tests answers these otherwise than MongoDB. */
const here: Row[] = [
  ['set', {}, { $set: { z: 1, a: 2 } }, { a: 2, z: 1 }],
  ['pull', { v: ['ab', 'b'] }, { $pull: { v: /^a/ } }, { v: ['b'] }],
];
const refusedHere: typeof refused = [
  ['pop', { v: 1 }, { $pop: { v: 1 } }, 14],
  ['rename', { a: 1 }, { $rename: { a: 'a' } }, 2],
  ['positional-all', { v: 1 }, { $set: { 'v.$[]': 1 } }, 2],
];

const onServer = Boolean(process.env['TEST_MONGODB_URL']);
let db: Db;
let rows: Collection<Document>;
beforeAll(async () => {
  db = await testDatabase();
  rows = db.collection('rows');
});
beforeEach(() => rows.deleteMany({}));
afterAll(() => dropDatabase(db));

const text = (doc: Document | null): string => EJSON.stringify(doc, { relaxed: false });
const content = () => rows.findOne({ _id: 1 } as Document, { promoteValues: false });

test.each([...fields, ...numbers, ...arrays, ...positions, ...pipelines, ...(onServer ? [] : here)])(
  '%s: %j with %j',
  async (_page, before, update, after, { filter = {}, arrayFilters } = {}) => {
    await rows.insertOne({ _id: 1, ...before } as Document);
    await rows.updateOne({ _id: 1, ...filter } as Document, update, {
      ...(arrayFilters && { arrayFilters }),
    });
    expect(text(await content())).toBe(text({ _id: 1, ...after }));
  },
);

test.each(onServer ? refused : [...refused, ...refusedHere])(
  '%s: %j with %j is refused and changes nothing',
  async (_page, before, update, code) => {
    await rows.insertOne({ _id: 1, ...before } as Document);
    const kept = text(await content());
    await expect(rows.updateOne({ _id: 1 } as Document, update)).rejects.toMatchObject({ code });
    expect(text(await content())).toBe(kept);
  },
);

test('upsert: a new document begins with what the filter says must be equal', async () => {
  const filter = { a: 1, $and: [{ b: { $eq: 2 } }, { c: { $gt: 3 } }], d: { $in: [4] } };
  await rows.updateOne(filter, { $set: { e: 5 }, $setOnInsert: { f: 6 } }, { upsert: true });
  const [made] = await rows.find({}, { projection: { _id: 0 } }).toArray();
  expect(made).toEqual({ a: 1, b: 2, d: 4, e: 5, f: 6 });
});

test('currentDate: the type asked for is the type that is set', async () => {
  await rows.insertOne({ _id: 1 } as Document);
  const update: Document = { $currentDate: { a: true, b: { $type: 'timestamp' } } };
  await rows.updateOne({ _id: 1 } as Document, update);
  expect(await rows.countDocuments({ a: { $type: 'date' }, b: { $type: 'timestamp' } })).toBe(1);
});
