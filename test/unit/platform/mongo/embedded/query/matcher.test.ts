import { Decimal128, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import type { Collection, Db, Document } from 'mongodb';
import { dropDatabase, testDatabase } from '../../../../../support/store';

/**
 * Which documents match? Each row: a page of MongoDB's manual (reference/operator/query/…, tutorial/… as they are
 * named there), a filter, what documents hold beside their `_id`, and the places of those that match.
 * Also run against a MongoDB server where there is one.
 */
type Row = [page: string, filter: Document, docs: Document[], matching: number[]];

const day = (text: string) => new Date(`${text}T00:00:00Z`);

const comparisons: Row[] = [
  ['eq', { v: 1 }, [{ v: 1 }, { v: Long.fromNumber(1) }, { v: '1' }, { v: [2, 1] }, { v: true }], [0, 1, 3]],
  ['eq', { v: [1, 2] }, [{ v: [1, 2] }, { v: [2, 1] }, { v: [[1, 2]] }, { v: 1 }], [0, 2]],
  ['eq', { v: { a: 1, b: 2 } }, [{ v: { a: 1, b: 2 } }, { v: { b: 2, a: 1 } }, { v: { a: 1 } }], [0]],
  ['eq', { v: Decimal128.fromString('0.10') }, [{ v: Decimal128.fromString('0.1') }, { v: 0.1 }], [0]],
  ['eq', { 'v.a': 1 }, [{ v: { a: 1 } }, { v: [{ a: 2 }, { a: 1 }] }, { v: [[{ a: 1 }]] }], [0, 1]],
  ['eq', { 'v.1': 5 }, [{ v: [4, 5] }, { v: [5, 4] }, { v: { 1: 5 } }, { v: [{ 1: 5 }] }], [0, 2, 3]],
  ['ne', { v: { $ne: 1 } }, [{ v: 1 }, { v: 2 }, {}, { v: [1, 2] }, { v: null }], [1, 2, 4]],
  ['gt', { v: { $gt: 1 } }, [{ v: 1 }, { v: 2 }, { v: '2' }, {}, { v: [0, 2] }], [1, 4]],
  ['gte', { v: { $gte: 1 } }, [{ v: 0 }, { v: 1 }, { v: Long.fromNumber(2) }, { v: NaN }], [1, 2]],
  ['lt', { v: { $lt: 1 } }, [{ v: 1 }, { v: 0 }, { v: NaN }, { v: null }, { v: -Infinity }], [1, 4]],
  ['lte', { v: { $lte: NaN } }, [{ v: NaN }, { v: 1 }, { v: Decimal128.fromString('NaN') }], [0, 2]],
  ['lt', { v: { $lt: day('2020-01-02') } }, [{ v: day('1960-01-01') }, { v: day('2020-01-02') }, { v: 0 }], [0]],
  ['lt', { v: { $lt: new Timestamp({ t: 2, i: 1 }) } }, [{ v: new Timestamp({ t: 1, i: 9 }) }, { v: day('1970-01-01') }], [0]],
  ['gte', { v: { $gte: null } }, [{ v: null }, {}, { v: 0 }, { v: [null] }], [0, 1, 3]],
  ['gt', { v: { $gt: new MinKey() } }, [{ v: 1 }, { v: 'a' }, { v: new MinKey() }], [0, 1]],
  ['lt', { v: { $lt: new MaxKey() } }, [{ v: 1 }, { v: 'a' }, { v: new MaxKey() }], [0, 1]],
  ['gt', { v: { $gt: false } }, [{ v: true }, { v: false }, { v: 1 }], [0]],
  ['gt', { v: { $gt: 'a' } }, [{ v: 'b' }, { v: 'a' }, { v: 'Z' }, { v: 'é' }], [0, 3]],
  ['gt', { v: { $gt: [1, 2] } }, [{ v: [1, 3] }, { v: [1, 2] }, { v: [2] }, { v: 5 }], [0, 2]],
  ['gt', { v: { $gt: { a: 1 } } }, [{ v: { a: 2 } }, { v: { a: 1 } }, { v: { a: 1, b: 0 } }], [0, 2]],
  ['gt', { v: { $gt: new ObjectId('6'.repeat(24)) } }, [{ v: new ObjectId('7'.repeat(24)) }, { v: new ObjectId('6'.repeat(24)) }], [0]],
  ['in', { v: { $in: [1, null] } }, [{ v: 1 }, {}, { v: null }, { v: [1] }, { v: 2 }], [0, 1, 2, 3]],
  ['in', { v: { $in: [/^a/, 'b'] } }, [{ v: 'ab' }, { v: 'b' }, { v: 'ba' }, { v: ['x', 'ay'] }], [0, 1, 3]],
  ['in', { v: { $in: [] } }, [{ v: 1 }, {}], []],
  ['nin', { v: { $nin: [1, 'a'] } }, [{ v: 1 }, { v: ['a', 'b'] }, { v: 'b' }, {}], [2, 3]],
]; // prettier-ignore

const elements: Row[] = [
  ['query-for-null-fields', { v: null }, [{ v: null }, {}, { v: [null] }, { v: 0 }, { v: [] }], [0, 1, 2]],
  ['query-for-null-fields', { 'v.a': null }, [{ v: { a: null } }, { v: {} }, { v: 5 }, {}, { v: [{ b: 1 }] }, { v: [] }], [0, 1, 2, 3, 4]],
  ['query-for-null-fields', { 'v.1': null }, [{ v: [5] }, { v: [5, null] }, { v: [5, 6] }, { v: [{}] }], [1, 3]],
  ['exists', { v: { $exists: true } }, [{ v: null }, {}, { v: [] }], [0, 2]],
  ['exists', { 'v.a': { $exists: false } }, [{ v: { a: 1 } }, { v: [{ a: 1 }, {}] }, { v: [] }, {}], [2, 3]],
  ['type', { v: { $type: 'number' } }, [{ v: new Int32(1) }, { v: 1.5 }, { v: Decimal128.fromString('1') }, { v: '1' }, { v: ['a', 1] }], [0, 1, 2, 4]],
  ['type', { v: { $type: 'array' } }, [{ v: [] }, { v: [[]] }, { v: 1 }], [0, 1]],
  ['type', { v: { $type: ['null', 'bool'] } }, [{ v: null }, { v: false }, {}, { v: 0 }], [0, 1]],
]; // prettier-ignore

const arrays: Row[] = [
  ['all', { v: { $all: [1, 2] } }, [{ v: [2, 1, 3] }, { v: [1] }, { v: [[1, 2]] }], [0]],
  ['all', { v: { $all: [1] } }, [{ v: 1 }, { v: [1] }, { v: 2 }], [0, 1]],
  ['all', { v: { $all: [] } }, [{ v: [] }, { v: [1] }], []],
  ['all', { v: { $all: [{ $elemMatch: { a: 1 } }, { $elemMatch: { a: 2 } }] } }, [{ v: [{ a: 1 }, { a: 2 }] }, { v: [{ a: 1 }] }], [0]],
  ['elemMatch', { v: { $elemMatch: { $gt: 1, $lt: 4 } } }, [{ v: [0, 5] }, { v: [0, 3] }, { v: 3 }], [1]],
  ['elemMatch', { v: { $elemMatch: { a: 1, b: { $gt: 1 } } } }, [{ v: [{ a: 1, b: 2 }] }, { v: [{ a: 1 }, { b: 2 }] }, { v: { a: 1, b: 2 } }], [0]],
  ['query-arrays', { v: { $gt: 1, $lt: 4 } }, [{ v: [0, 5] }, { v: [0] }], [0]],
  ['elemMatch', { v: { $elemMatch: { $in: [1, 2] } } }, [{ v: [1] }, { v: [3] }, { v: 1 }], [0]],
  ['elemMatch', { v: { $elemMatch: { $not: { $gte: 2 } } } }, [{ v: [1, 5] }, { v: [5] }, { v: [] }], [0]],
  ['size', { v: { $size: 1 } }, [{ v: [1] }, { v: [] }, { v: [[1, 2]] }, { v: 1 }, { v: [1, 2] }], [0, 2]],
]; // prettier-ignore

const others: Row[] = [
  ['not', { v: { $not: { $gt: 1 } } }, [{ v: 1 }, { v: 2 }, {}, { v: 'a' }, { v: [0, 2] }], [0, 2, 3]],
  ['not', { v: { $not: /^a/ } }, [{ v: 'ab' }, { v: 'b' }, {}], [1, 2]],
  ['nor', { $nor: [{ v: 1 }, { w: 1 }] }, [{ v: 1 }, { w: 1 }, { v: 2 }, {}], [2, 3]],
  ['or', { $or: [{ v: 1 }, { w: 1 }] }, [{ v: 1 }, { w: 1 }, { v: 2 }], [0, 1]],
  ['and', { $and: [{ v: { $gt: 1 } }, { v: { $lt: 3 } }] }, [{ v: 2 }, { v: 1 }, { v: 3 }], [0]],
  ['expr', { $expr: { $gt: ['$v', '$w'] } }, [{ v: 2, w: 1 }, { v: 1, w: 2 }, { w: 1 }, { v: 'a', w: 1 }], [0, 3]],
  ['mod', { v: { $mod: [4, 0] } }, [{ v: 8 }, { v: 4.9 }, { v: 5 }, { v: '4' }, { v: [3, 4] }], [0, 1, 4]],
  ['mod', { v: { $mod: [4, -3] } }, [{ v: -7 }, { v: 1 }], [0]],
  ['mod', { v: { $mod: [4.9, 1.2] } }, [{ v: 5 }, { v: 4 }], [0]],
  ['regex', { v: { $regex: 'B$', $options: 'im' } }, [{ v: 'ab' }, { v: 'b\nc' }, { v: 'bc' }, { v: 5 }], [0, 1]],
  ['regex', { v: { $regex: 'a b # c', $options: 'x' } }, [{ v: 'ab' }, { v: 'a b' }], [0]],
  ['regex', { v: { $regex: 'a.c', $options: 's' } }, [{ v: 'a\nc' }, { v: 'ac' }, { v: ['abc'] }], [0, 2]],
  ['bitsAllSet', { v: { $bitsAllSet: [0, 2] } }, [{ v: 5 }, { v: 4 }, { v: 7 }, { v: '5' }, { v: 5.5 }], [0, 2]],
  ['bitsAllClear', { v: { $bitsAllClear: 6 } }, [{ v: 1 }, { v: 9 }, { v: 2 }], [0, 1]],
  ['bitsAnySet', { v: { $bitsAnySet: 6 } }, [{ v: 4 }, { v: 1 }, { v: -1 }], [0, 2]],
  ['bitsAnyClear', { v: { $bitsAnyClear: 6 } }, [{ v: 6 }, { v: 4 }, { v: 1 }], [1, 2]],
  ['jsonSchema', { $jsonSchema: { required: ['v'], properties: { v: { bsonType: 'string', minLength: 2 } } } }, [{ v: 'ab' }, { v: 'a' }, {}, { v: 5 }], [0]],
]; // prettier-ignore

const refused: [page: string, filter: Document, code: number][] = [
  ['query', { v: { $unknown: 1 } }, 2],
  ['query', { $unknown: [] }, 2],
  ['or', { $or: [] }, 2],
  ['or', { $or: { v: 1 } }, 2],
  ['in', { v: { $in: 1 } }, 2],
  ['not', { v: { $not: 1 } }, 2],
  ['mod', { v: { $mod: [0, 1] } }, 2],
  ['mod', { v: { $mod: [1] } }, 2],
  ['size', { v: { $size: -1 } }, 2],
  ['type', { v: { $type: 'text' } }, 2],
  ['elemMatch', { v: { $elemMatch: 1 } }, 2],
  ['regex', { v: { $options: 'i' } }, 2],
  ['bitsAllSet', { v: { $bitsAllSet: -1 } }, 9],
  ['bitsAllSet', { v: { $bitsAllSet: 1.5 } }, 9],
  ['bitsAllSet', { v: { $bitsAllSet: [-1] } }, 2],
  ['bitsAllSet', { v: { $bitsAllSet: 'a' } }, 2],
];

let db: Db;
let rows: Collection<Document>;
beforeAll(async () => {
  db = await testDatabase();
  rows = db.collection('rows');
});
beforeEach(() => rows.deleteMany({}));
afterAll(() => dropDatabase(db));

test.each([...comparisons, ...elements, ...arrays, ...others])(
  '%s: %j',
  async (_page, filter, docs, matching) => {
    await rows.insertMany(docs.map((doc, _id) => ({ _id, ...doc }) as Document));
    const found = await rows.find(filter).sort({ _id: 1 }).project({ _id: 1 }).toArray();
    expect(found.map(({ _id }) => Number(_id))).toEqual(matching);
  },
);

test.each(refused)('%s: %j is refused', async (_page, filter, code) => {
  await expect(rows.find(filter).toArray()).rejects.toMatchObject({ code });
});
