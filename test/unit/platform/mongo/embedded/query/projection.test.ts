import type { Collection, Db, Document } from 'mongodb';
import { dropDatabase, testDatabase } from '../../../../../support/store';

/**
 * What is left of a document? Each row: a page of MongoDB's manual, a document, a projection, what comes back, and for
 * `$` the filter. The order of fields counts. Also run against a MongoDB server where there is one.
 */
type Row = [page: string, doc: Document, projection: Document, left: Document, filter?: Document];

const flags: Row[] = [
  ['tutorial/project-fields', { _id: 1, a: 1, b: 2 }, { a: 1 }, { _id: 1, a: 1 }],
  ['tutorial/project-fields', { _id: 1, a: 1, b: 2 }, { a: 1, _id: 0 }, { a: 1 }],
  ['tutorial/project-fields', { _id: 1, a: 1, b: 2 }, { a: 0 }, { _id: 1, b: 2 }],
  ['tutorial/project-fields', { _id: 1, a: 1, b: 2 }, { _id: 0 }, { a: 1, b: 2 }],
  ['tutorial/project-fields', { _id: 1, a: 1 }, { _id: 1 }, { _id: 1 }],
  ['tutorial/project-fields', { _id: 1, a: 1 }, { a: 0, _id: 1 }, { _id: 1 }],
  ['tutorial/project-fields', { _id: 1, b: 2, a: 1 }, { a: 1, b: 1 }, { _id: 1, b: 2, a: 1 }],
  ['tutorial/project-fields', { _id: 1, a: { b: 1, c: 2 }, d: 3 }, { 'a.b': 1 }, { _id: 1, a: { b: 1 } }],
  ['tutorial/project-fields', { _id: 1, a: { b: 1, c: 2 } }, { a: { c: 0 } }, { _id: 1, a: { b: 1 } }],
  ['tutorial/project-fields', { _id: 1, a: [{ b: 1, c: 2 }, 5, { c: 3 }] }, { 'a.b': 1 }, { _id: 1, a: [{ b: 1 }, {}] }],
  ['tutorial/project-fields', { _id: 1, a: [{ b: 1, c: 2 }, 5] }, { 'a.b': 0 }, { _id: 1, a: [{ c: 2 }, 5] }],
  ['tutorial/project-fields', { _id: 1, a: 5 }, { 'a.b': 1 }, { _id: 1 }],
  ['tutorial/project-fields', { _id: 1, a: 5 }, { 'a.b': 0 }, { _id: 1, a: 5 }],
  ['tutorial/project-fields', { _id: 1, a: 1 }, { missing: 1 }, { _id: 1 }],
]; // prettier-ignore

const computed: Row[] = [
  ['command/find', { _id: 1, a: 2 }, { b: { $add: ['$a', 1] } }, { _id: 1, b: 3 }],
  ['command/find', { _id: 1, a: 2 }, { b: '$a' }, { _id: 1, b: 2 }],
  ['command/find', { _id: 1, a: 2 }, { b: '$missing' }, { _id: 1 }],
  ['command/find', { _id: 1, a: 2 }, { a: 1, b: { $literal: 1 } }, { _id: 1, a: 2, b: 1 }],
];

const ofArrays: Row[] = [
  ['projection/slice', { _id: 1, v: [1, 2, 3, 4], a: 1 }, { v: { $slice: 2 } }, { _id: 1, v: [1, 2], a: 1 }],
  ['projection/slice', { _id: 1, v: [1, 2, 3, 4] }, { v: { $slice: -2 } }, { _id: 1, v: [3, 4] }],
  ['projection/slice', { _id: 1, v: [1, 2, 3, 4] }, { v: { $slice: [1, 2] } }, { _id: 1, v: [2, 3] }],
  ['projection/slice', { _id: 1, v: [1, 2, 3, 4] }, { v: { $slice: [-3, 2] } }, { _id: 1, v: [2, 3] }],
  ['projection/slice', { _id: 1, v: [1, 2] }, { v: { $slice: [-9, 1] } }, { _id: 1, v: [1] }],
  ['projection/slice', { _id: 1, v: 5 }, { v: { $slice: 1 } }, { _id: 1, v: 5 }],
  ['projection/slice', { _id: 1, v: [1, 2], a: 1, b: 2 }, { a: 1, v: { $slice: 1 } }, { _id: 1, v: [1], a: 1 }],
  ['projection/elemMatch', { _id: 1, v: [{ a: 1 }, { a: 2, b: 1 }, { a: 2 }] }, { v: { $elemMatch: { a: 2 } } }, { _id: 1, v: [{ a: 2, b: 1 }] }],
  ['projection/elemMatch', { _id: 1, v: [{ a: 1 }] }, { v: { $elemMatch: { a: 2 } } }, { _id: 1 }],
  ['projection/elemMatch', { _id: 1, v: [1, 5, 6] }, { v: { $elemMatch: { $gt: 4 } } }, { _id: 1, v: [5] }],
  ['projection/positional', { _id: 1, v: [1, 5, 6] }, { 'v.$': 1 }, { _id: 1, v: [5] }, { v: { $gt: 4 } }],
  ['projection/positional', { _id: 1, v: [{ a: 1 }, { a: 2 }] }, { 'v.$': 1 }, { _id: 1, v: [{ a: 2 }] }, { 'v.a': 2 }],
]; // prettier-ignore

const refused: [page: string, projection: Document, code: number][] = [
  ['tutorial/project-fields', { a: 1, b: 0 }, 31254],
  ['command/find', { a: 1, 'a.b': 1 }, 31249],
  ['command/find', { 'a.b': 1, a: 1 }, 31250],
  ['command/find', { a: { $unknown: 1 } }, 31325],
  ['projection/slice', { v: { $slice: [1, 0] } }, 28724],
];

/** The second server of the tests refuses these with other codes than MongoDB. */
const refusedHere: typeof refused = [
  ['tutorial/project-fields', { b: 0, a: 1 }, 31253],
  ['command/find', { a: {} }, 51270],
  ['command/find', { '': 1 }, 40352],
  ['projection/elemMatch', { 'a.b': { $elemMatch: { c: 1 } } }, 31275],
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

test.each([...flags, ...computed, ...ofArrays])(
  '%s: %j with %j',
  async (_page, doc, projection, left, filter = {}) => {
    await rows.insertOne(doc);
    const [found] = await rows.find(filter).project(projection).toArray();
    expect(JSON.stringify(found)).toBe(JSON.stringify(left));
  },
);

test.each(onServer ? refused : [...refused, ...refusedHere])(
  '%s: %j is refused',
  async (_page, projection, code) => {
    await rows.insertOne({ a: 1 });
    await expect(rows.find().project(projection).toArray()).rejects.toMatchObject({ code });
  },
);
