import type { Collection, Db, Document } from 'mongodb';
import { dropDatabase, testDatabase } from '../../../support/store';

let db: Db;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => dropDatabase(db));

const namesOf = (count: number): string[] => Array.from({ length: count }, (_unused, at) => `f${at}`);

describe.each([4, 5, 6, 8, 16, 32])('an index of %i long fields', (count) => {
  const names = namesOf(count);
  const keys = Object.fromEntries(names.map((name, at) => [name, at % 2 === 0 ? 1 : -1])) as Record<
    string,
    1 | -1
  >;
  /** All fields share their beginning; the last differs at its end. */
  const row = (end: string): Document =>
    Object.fromEntries(names.map((name, at) => [name, 'x'.repeat(700) + (at === count - 1 ? end : '')]));

  test('takes documents, finds each, and changes and removes them', async () => {
    const rows = db.collection(`plain${count}`);
    await rows.createIndex(keys);
    await rows.insertMany(['a', 'b', 'c'].map((end) => ({ ...row(end), end })));
    const found = await rows.find(row('b'), { projection: { _id: 0, end: 1 } }).toArray();
    expect(found).toEqual([{ end: 'b' }]);
    await rows.updateOne(row('b'), { $set: row('d') });
    await rows.deleteOne(row('a'));
    expect(await rows.countDocuments(row('b'))).toBe(0);
    expect(await rows.distinct('end', row('d'))).toEqual(['b']);
    expect((await rows.distinct('end', { f0: row('')['f0'] })).sort()).toEqual(['b', 'c']);
  });

  test('built as a unique one over what is there, refuses the same again and nothing else', async () => {
    const rows = db.collection(`unique${count}`);
    await rows.insertMany([row('a'), row('b')]);
    await rows.createIndex(keys, { unique: true });
    await expect(rows.insertOne(row('a'))).rejects.toMatchObject({ code: 11000 });
    await rows.insertOne(row('c'));
    expect(await rows.countDocuments()).toBe(3);
  });
});

describe('texts that share their first 600 bytes', () => {
  const head = '中'.repeat(200);
  /** Not in the order in which they come. */
  const texts = Array.from(
    { length: 60 },
    (_unused, at) => `${head}${String((at * 37) % 60).padStart(2, '0')}`,
  );
  const sorted = [...texts].sort();
  let rows: Collection;
  beforeAll(async () => {
    rows = db.collection('heads');
    await rows.createIndex({ text: 1 });
    await rows.createIndex({ group: 1, text: -1 });
    await rows.insertMany(texts.map((text, at) => ({ text, group: at % 2, length: text.length })));
  });
  const textsOf = async (filter: Document, sort: 1 | -1, skip = 0, limit = 0): Promise<string[]> =>
    (await rows.find(filter).sort({ text: sort }).skip(skip).limit(limit).toArray()).map(({ text }) => text);

  test('are sorted up and down, and page by page', async () => {
    expect(await textsOf({}, 1)).toEqual(sorted);
    expect(await textsOf({}, -1)).toEqual([...sorted].reverse());
    expect(await textsOf({}, 1, 20, 10)).toEqual(sorted.slice(20, 30));
    const pages: string[] = [];
    for (let last = ''; pages.length < texts.length; last = pages.at(-1) as string)
      pages.push(...(await textsOf({ text: { $gt: last } }, 1, 0, 7)));
    expect(pages).toEqual(sorted);
  });

  test('are sorted behind an equal field', async () => {
    const even = texts.filter((_text, at) => at % 2 === 0).sort();
    expect(await textsOf({ group: 0 }, 1)).toEqual(even);
    expect(await textsOf({ group: 0 }, -1, 0, 5)).toEqual([...even].reverse().slice(0, 5));
  });

  test('are found in ranges', async () => {
    const [from, to] = [sorted[10] as string, sorted[20] as string];
    expect(await textsOf({ text: { $gte: from, $lt: to } }, 1)).toEqual(sorted.slice(10, 20));
    expect(await textsOf({ text: { $gt: from, $lte: to } }, -1)).toEqual(sorted.slice(11, 21).reverse());
    expect(await rows.countDocuments({ text: { $gt: from } })).toBe(49);
    expect(await rows.countDocuments({ text: { $gt: head.slice(1) } })).toBe(60);
  });

  test('are told apart', async () => {
    expect((await rows.distinct('text')).sort()).toEqual(sorted);
    expect(await rows.countDocuments({ text: { $in: sorted.slice(0, 3) } })).toBe(3);
    expect(await rows.countDocuments({ text: head })).toBe(0);
    const unique = db.collection('uniqueHeads');
    await unique.createIndex({ text: 1 }, { unique: true });
    await unique.insertMany(texts.map((text) => ({ text })));
    await expect(unique.insertOne({ text: sorted[30] })).rejects.toMatchObject({ code: 11000 });
  });

  test('are sorted and paged beside short ones in an index of many fields', async () => {
    const wide = db.collection('wide');
    const keys = Object.fromEntries(namesOf(12).map((name) => [name, 1 as const]));
    await wide.createIndex(keys);
    const values = ['a', 'b'.repeat(100), 'b'.repeat(101), 'c'.repeat(300) + '1', 'c'.repeat(300) + '0'];
    await wide.insertMany(values.map((f0) => ({ f0, f1: 1 })));
    const order = [...values].sort();
    const found = await wide
      .find({ f0: { $gte: 'b'.repeat(100), $lt: 'c'.repeat(300) + '1' } })
      .sort(keys)
      .toArray();
    expect(found.map(({ f0 }) => f0)).toEqual(order.slice(1, 4));
    expect(await wide.countDocuments({ f0: { $gt: 'b'.repeat(100) } })).toBe(3);
  });
});

test('where one document has a short list and one a long text, both sort as they should', async () => {
  const rows = db.collection('mixed');
  await rows.createIndex({ value: 1 });
  const long = 'y'.repeat(600);
  await rows.insertMany([
    { _id: 1 as never, value: `${long}2` },
    { _id: 2 as never, value: [`${long}1`, 'z'] },
  ]);
  expect((await rows.find().sort({ value: 1 }).toArray()).map(({ _id }) => _id)).toEqual([2, 1]);
});
