import { storeForEachTest } from '../../../../../support/command-runner';

const { run, context } = storeForEachTest();

const byN = { key: { n: 1 }, name: 'n_1' };
const create = (...indexes: object[]) => run({ createIndexes: 'rows', indexes });
const listed = async () =>
  (await run({ listIndexes: 'rows' }))['cursor'].firstBatch.map(({ name }: { name: string }) => name);
const insert = (...values: unknown[]) =>
  run({ insert: 'rows', documents: values.map((n, _id) => ({ _id, n })) });

test('an index makes its collection, and is there once', async () => {
  expect(await create(byN)).toEqual({
    numIndexesBefore: 1,
    numIndexesAfter: 2,
    createdCollectionAutomatically: true,
    ok: 1,
  });
  expect(await create(byN)).toMatchObject({ numIndexesAfter: 2, note: 'all indexes already exist' });
  expect(await create({ key: { _id: 1 }, name: '_id_' })).toMatchObject({ numIndexesAfter: 2 });
});

test.each([
  ['its name with other keys', { key: { m: 1 }, name: 'n_1' }, 86],
  ['its name with other options', { ...byN, unique: true }, 86],
  ['its keys under another name', { key: { n: 1 }, name: 'other' }, 85],
  ['no key', { name: 'none' }, 9],
  ['a type that is not there', { key: { n: 'text' }, name: 'text' }, 238],
])('beside an index, one with %s is refused', async (_what, index, code) => {
  await create(byN);
  await expect(create(index)).rejects.toMatchObject({ code });
  expect(await listed()).toEqual(['_id_', 'n_1']);
});

// The manual: core/index-partial, core/index-ttl, reference/command/createIndexes.
test.each<[string, object, number]>([
  ['what is not equal', { key: { n: 1 }, partialFilterExpression: { a: { $ne: 1 } } }, 67],
  ['what is not there', { key: { n: 1 }, partialFilterExpression: { a: { $exists: false } } }, 67],
  ['a pattern', { key: { n: 1 }, partialFilterExpression: { a: /x/ } }, 67],
  ['neither of two', { key: { n: 1 }, partialFilterExpression: { $nor: [{ a: 1 }] } }, 67],
  ['a pattern inside a choice', { key: { n: 1 }, partialFilterExpression: { $or: [{ a: /x/ }] } }, 67],
  ['an expression', { key: { n: 1 }, partialFilterExpression: { $expr: true } }, 224],
  ['an end for two fields', { key: { n: 1, m: 1 }, expireAfterSeconds: 1 }, 67],
  ['an end before its beginning', { key: { n: 1 }, expireAfterSeconds: -5 }, 67],
  ['an end that is no number', { key: { n: 1 }, expireAfterSeconds: 'soon' }, 67],
  ['an end for ids', { key: { _id: 1 }, expireAfterSeconds: 1 }, 197],
  ['a version of its own', { key: { n: 1 }, v: 7 }, 67],
  ['a kind that nobody knows', { key: { n: 'nope' } }, 67],
  ['all fields', { key: { '$**': 1 } }, 238],
])('an index cannot be about %s', async (_what, index, code) => {
  await expect(create({ name: 'x', ...index })).rejects.toMatchObject({ code });
});

test('a partial index may be about what MongoDB lets it', async () => {
  const filter = {
    $and: [{ a: { $gt: 1, $lte: 9 } }, { $or: [{ b: { $exists: true } }, { c: { $in: [1, 2] } }] }],
    d: { $type: 'date' },
    e: 'open',
  };
  await create({ key: { n: 1 }, name: 'part', partialFilterExpression: filter });
  expect(await listed()).toEqual(['_id_', 'part']);
});

test('of several indexes all come or none', async () => {
  await insert(1, 2, 2);
  const unique = { key: { n: -1 }, name: 'unique', unique: true };
  await expect(create({ key: { m: 1 }, name: 'm' }, unique)).rejects.toMatchObject({ code: 11000 });
  expect(await listed()).toEqual(['_id_']);
  expect(context().engine.leftovers()).toEqual([]);
});

test('two that ask for the same index at once both get it', async () => {
  await insert(...Array.from({ length: 500 }, (_unused, at) => at));
  const answers = await Promise.all([create(byN), create(byN)]);
  expect(answers.map(({ numIndexesBefore, note }) => [numIndexesBefore, note])).toEqual([
    [1, undefined],
    [2, 'all indexes already exist'],
  ]);
});

test('an index is dropped by name, by keys, by a list or with all others, but never that of _id', async () => {
  const others = ['a', 'b', 'c', 'd'].map((field) => ({ key: { [field]: 1 }, name: field }));
  await create(...others);
  const drop = (index: unknown) => run({ dropIndexes: 'rows', index });
  expect(await drop('a')).toEqual({ nIndexesWas: 5, ok: 1 });
  await drop({ b: 1 });
  expect(await listed()).toEqual(['_id_', 'c', 'd']);
  await drop(['c']);
  await drop('*');
  expect(await listed()).toEqual(['_id_']);
  await expect(drop('_id_')).rejects.toMatchObject({ code: 72 });
  await expect(drop('a')).rejects.toMatchObject({ code: 27 });
  await expect(run({ dropIndexes: 'none', index: 'a' })).rejects.toMatchObject({ code: 26 });
  expect(context().engine.leftovers()).toEqual([]);
});

test('indexes are listed as they were asked for, and those of no collection are an error', async () => {
  await create({ ...byN, unique: true, expireAfterSeconds: 5 });
  const { cursor } = await run({ listIndexes: 'rows' });
  expect(cursor.firstBatch).toEqual([
    { v: 2, key: { _id: 1 }, name: '_id_' },
    { v: 2, key: { n: 1 }, name: 'n_1', unique: true, expireAfterSeconds: 5 },
  ]);
  await expect(run({ listIndexes: 'none' })).rejects.toMatchObject({ code: 26 });
});
