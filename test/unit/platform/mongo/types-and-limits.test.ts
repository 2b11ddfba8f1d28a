import {
  Binary,
  BSON,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import type { Db, Document } from 'mongodb';
import { Cursors, idleMs } from '../../../../src/platform/mongo/embedded/commands/cursors';
import { Turns } from '../../../../src/platform/mongo/embedded/commands/turns';
import { dropDatabase, testDatabase } from '../../../support/store';

const isOurs = !process.env['TEST_MONGODB_URL'];
let db: Db;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => dropDatabase(db));

// https://www.mongodb.com/docs/manual/reference/bson-types/
const everyType: [string, unknown][] = [
  ['a double that is whole', new Double(1)],
  ['minus zero', new Double(-0)],
  ['not a number', new Double(NaN)],
  ['an int', new Int32(1)],
  ['a long beyond doubles', Long.fromString('9007199254740993')],
  ['a decimal with its zeros', Decimal128.fromString('1.500')],
  ['a date before 1970', new Date(-1)],
  ['a timestamp', new Timestamp({ t: 4_294_967_295, i: 7 })],
  ['a regular expression', new BSONRegExp('^a', 'im')],
  ['code', new Code('return 1')],
  ['code with a scope', new Code('return x', { x: 1 })],
  ['least and greatest', [new MinKey(), new MaxKey()]],
  ['keys in their order', { b: 1, a: 2, 10: 3, 9: 4 }],
  ['an id', new ObjectId('65a000000000000000000001')],
  ['texts of any plane', '中文 𝄞 \u0000 é'],
  ...[0, 1, 2, 3, 4, 5, 6, 128].map((subType): [string, unknown] => [
    `binary of subtype ${subType}`,
    new Binary(Buffer.from('0123456789abcdef'), subType),
  ]),
];

test.each(everyType)('%s comes back byte for byte', async (_name, value) => {
  const sent: Document = { _id: new ObjectId(), value };
  await db.collection('types').insertOne(sent);
  const [raw] = await db.collection('types').find({ _id: sent['_id'] }, { raw: true }).toArray();
  expect(Buffer.from(raw as unknown as Uint8Array).equals(Buffer.from(BSON.serialize(sent)))).toBe(true);
});

// https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/
test('types sort in the order of the manual', async () => {
  const inOrder = [
    new MinKey(), null, 1, 'a', { a: 1 }, [new Binary(Buffer.from('a'))], new ObjectId(), false, new Date(0),
    new Timestamp({ t: 1, i: 1 }), new BSONRegExp('a'), new MaxKey(),
  ]; // prettier-ignore
  const rows = inOrder.map((value, at) => ({ _id: at as never, value }));
  await db.collection('order').insertMany([...rows].reverse());
  const sorted = await db.collection('order').find().sort({ value: 1 }).toArray();
  // The array sorts by its item, which is binary data.
  expect(sorted.map(({ _id }) => _id as unknown)).toEqual(rows.map(({ _id }) => _id));
});

test('a document of almost 16 MB is kept, a larger one is refused', async () => {
  const text = 'x'.repeat(16 * 1024 * 1024 - 100);
  await db.collection('large').insertOne({ _id: 1 as never, text });
  expect((await db.collection('large').findOne({ _id: 1 as never }))?.['text']).toHaveLength(text.length);
  await expect(
    db.collection('large').updateOne({ _id: 1 as never }, { $set: { more: 'x'.repeat(1_000) } }),
  ).rejects.toMatchObject({ code: expect.any(Number) as number });
  expect(await db.collection('large').countDocuments({ more: { $exists: true } })).toBe(0);
});

test('a document of 16 MB is kept, and one with a byte more is refused', async () => {
  const largest = 16 * 1024 * 1024;
  const around = BSON.calculateObjectSize({ _id: 2, text: '' });
  const kept = { _id: 2 as never, text: 'x'.repeat(largest - around) };
  await db.collection('large').insertOne(kept);
  expect((await db.collection('large').findOne({ _id: 2 as never }))?.['text']).toHaveLength(
    kept.text.length,
  );
  await db.collection('large').insertOne({ _id: 3 as never, text: '' });
  await expect(
    db.collection('large').updateOne({ _id: 3 as never }, { $set: { text: `${kept.text}x` } }),
  ).rejects.toMatchObject({ code: isOurs ? 10334 : (expect.any(Number) as number) });
});

test('a message of 40 MB with several large documents is taken whole', async () => {
  const text = 'y'.repeat(13 * 1024 * 1024);
  await db.collection('many').insertMany([1, 2, 3].map((_id) => ({ _id: _id as never, text })));
  expect(await db.collection('many').countDocuments()).toBe(3);
  const lengths = await db
    .collection('many')
    .find()
    .map((row) => (row['text'] as string).length)
    .toArray();
  expect(lengths).toEqual([text.length, text.length, text.length]);
});

const nested = (levels: number): Document => {
  let doc: Document = {};
  for (let level = 1; level < levels; level++) doc = { a: doc };
  return doc;
};

test('a hundred levels are kept, more are refused in clear words', async () => {
  await db.collection('deep').insertOne({ _id: 1 as never, ...nested(100) });
  expect(JSON.stringify(await db.collection('deep').findOne({}, { projection: { _id: 0 } }))).toBe(
    JSON.stringify(nested(100)),
  );
  if (process.env['TEST_MONGODB_URL']) return;
  await expect(db.collection('deep').insertOne(nested(101))).rejects.toThrow('nested deeper');
});

test('batches have the size that was asked for', async () => {
  await db
    .collection('rows')
    .insertMany(Array.from({ length: 25 }, (_unused, _id) => ({ _id: _id as never })));
  const first = await db.command({ find: 'rows', batchSize: 10 }, { promoteLongs: false });
  expect(first['cursor'].firstBatch).toHaveLength(10);
  const next = await db.command({ getMore: first['cursor'].id, collection: 'rows', batchSize: 10 });
  expect(next['cursor'].nextBatch).toHaveLength(10);
  expect(await db.command({ killCursors: 'rows', cursors: [first['cursor'].id] })).toMatchObject({ ok: 1 });
  await expect(db.command({ getMore: first['cursor'].id, collection: 'rows' })).rejects.toMatchObject({
    code: 43,
  });
});

describe('a cursor', () => {
  const bytes = Buffer.from(BSON.serialize({ a: 1 }));
  const rows = () => Array.from({ length: 300 }, () => bytes);

  test('ends when nobody asks for ten minutes', async () => {
    let now = 0;
    const cursors = new Cursors(() => now, new Turns(() => undefined));
    const { id } = await cursors.begin('a.b', rows());
    now += idleMs;
    cursors.forgetIdle();
    expect((await cursors.next(id, 'a.b', 10)).batch).toHaveLength(10);
    now += idleMs + 1;
    cursors.forgetIdle();
    await expect(cursors.next(id, 'a.b', 10)).rejects.toMatchObject({ code: 43 });
  });

  test('of another collection is not found', async () => {
    const cursors = new Cursors(() => 0, new Turns(() => undefined));
    const { id } = await cursors.begin('a.b', rows());
    await expect(cursors.next(id, 'a.c', 10)).rejects.toMatchObject({ code: 43 });
  });
});
