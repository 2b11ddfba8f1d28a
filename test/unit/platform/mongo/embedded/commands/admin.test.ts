import { storeForEachTest } from '../../../../../support/command-runner';

const { run, context } = storeForEachTest();

const insert = (collection: string, count: number) =>
  run({ insert: collection, documents: Array.from({ length: count }, (_unused, at) => ({ _id: at })) });

test('a collection is created once', async () => {
  expect(await run({ create: 'rows' })).toEqual({ ok: 1 });
  await expect(run({ create: 'rows' })).rejects.toMatchObject({ code: 48, codeName: 'NamespaceExists' });
});

test('a dropped collection is gone with all that it held, and one that is not there is no error', async () => {
  await insert('rows', 300);
  const { engine } = context();
  expect(await run({ drop: 'rows' })).toEqual({ nIndexesWas: 1, ns: 'db.rows', ok: 1 });
  expect([engine.get('db.rows'), engine.leftovers()]).toEqual([null, []]);
  expect(await run({ drop: 'rows' })).toEqual({ ok: 1 });
});

test('a dropped database takes its collections with it, and those of no other', async () => {
  await insert('rows', 3);
  await insert('more', 3);
  await run({ insert: 'rows', documents: [{ _id: 1 }], $db: 'other' });
  expect(await run({ dropDatabase: 1 })).toEqual({ dropped: 'db', ok: 1 });
  const { databases } = await run({ listDatabases: 1, nameOnly: true, $db: 'admin' });
  expect(databases).toEqual([{ name: 'other' }]);
});

test('collections are listed as the filter says', async () => {
  for (const name of ['a', 'b']) await run({ create: name });
  const namesOf = async (filter?: object) =>
    (await run({ listCollections: 1, ...(filter && { filter }) }))['cursor'].firstBatch.map(
      ({ name }: { name: string }) => name,
    );
  expect([await namesOf(), await namesOf({ name: 'b' }), await namesOf({ type: 'view' })]).toEqual([
    ['a', 'b'],
    ['b'],
    [],
  ]);
});

test('where only names are asked for, a collection is its name and type', async () => {
  await run({ create: 'a' });
  const { cursor } = await run({ listCollections: 1, nameOnly: true, authorizedCollections: true });
  expect(cursor.firstBatch).toEqual([{ name: 'a', type: 'collection' }]);
});

test.each(['system.users', 'x'.repeat(253)])('a collection cannot be named %s', async (name) => {
  await expect(run({ create: name })).rejects.toMatchObject({ code: 73, codeName: 'InvalidNamespace' });
});

test('databases are listed with the bytes of their documents', async () => {
  await run({ insert: 'rows', documents: [{ _id: 1, text: 'x'.repeat(100) }] });
  const { databases, totalSize } = await run({ listDatabases: 1, $db: 'admin' });
  expect(databases).toMatchObject([{ name: 'db', empty: false }]);
  expect(Number(totalSize)).toBeGreaterThan(100);
  await expect(run({ listDatabases: 1 })).rejects.toMatchObject({ code: 13 });
});
