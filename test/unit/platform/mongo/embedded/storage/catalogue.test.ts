import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { readEntry, writeEntry } from '../../../../../../src/platform/mongo/embedded/storage/catalogue';
import { Engine } from '../../../../../../src/platform/mongo/embedded/storage/engine';
import { addIndex } from '../../../../../support/add-index';

let folder: string;
let engine: Engine;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-catalogue-'));
  engine = new Engine(folder);
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const map = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));
const byName: Doc = map({ key: map({ name: -1 }), name: 'name_-1', unique: true });
const write = (work: () => unknown) => engine.table.transaction(work);
const insert = (namespace: string, _id: number, name: Value) =>
  engine.ensure(namespace).insert(map({ _id, name }));
async function reopen(): Promise<void> {
  await engine.close();
  engine = new Engine(folder);
}
const contentOf = (namespace: string) =>
  [...(engine.get(namespace)?.scan() ?? [])].map(({ doc }) => doc.get('name'));

test('a collection is there from its first use on, with an index on _id that is unique', async () => {
  expect(engine.get('shop.rows')).toBeNull();
  await write(() => engine.ensure('shop.rows'));
  expect(engine.get('shop.rows')?.indexes.map(({ name, isUnique }) => ({ name, isUnique }))).toEqual([
    { name: '_id_', isUnique: true },
  ]);
});

test('names are found by their database and not by a database that begins alike', async () => {
  await write(() => ['shop.a', 'shop.b.c', 'shop2.a'].forEach((name) => engine.ensure(name)));
  expect(engine.databases()).toEqual(['shop', 'shop2']);
  expect(engine.list('shop').map(({ namespace }) => namespace)).toEqual(['shop.a', 'shop.b.c']);
});

test.each(['shop.', 'shop.a$b', 'shop.a\0b'])('%j is refused as a name', async (namespace) => {
  await expect(write(() => engine.ensure(namespace))).rejects.toMatchObject({ code: 73 });
});

test('what was made is there after the store was opened again: documents, indexes, and that one is multikey', async () => {
  await write(() => addIndex(engine, engine.ensure('shop.rows'), byName));
  await write(() => insert('shop.rows', 1, ['x', 'y']));
  await reopen();
  const [, index] = engine.get('shop.rows')?.indexes ?? [];
  expect(index).toMatchObject({ name: 'name_-1', number: 2, isUnique: true, isMultikey: true });
  expect(index?.fields).toMatchObject([{ path: 'name', direction: -1 }]);
  await write(() => insert('shop.rows', 2, 'z'));
  expect(contentOf('shop.rows')).toEqual([['x', 'y'], 'z']);
});

test('an index under a collation of which nobody noted what texts it holds is not one in their order', async () => {
  const collation = map({ locale: 'en', strength: 2 });
  const spec = map({ key: map({ name: 1 }), name: 'name', collation });
  await write(() => addIndex(engine, engine.ensure('shop.rows'), spec));
  const collection = engine.get('shop.rows');
  if (!collection) throw new Error('no collection');
  const entry = writeEntry(collection, false);
  expect(readEntry(entry).indexes.map(({ isShortened }) => isShortened)).toEqual([false, false]);
  const before = (entry.get('indexes') as Doc[]).map((one) =>
    map(Object.fromEntries([...one].filter(([key]) => key !== 'tellsTexts'))),
  );
  const earlier = readEntry(new Map([...entry, ['indexes', before]]));
  expect(earlier.indexes.map(({ isShortened }) => isShortened)).toEqual([false, true]);
});

test('a dropped collection leaves nothing to the next of its name', async () => {
  await write(() => insert('shop.rows', 1, 'x'));
  await write(() => engine.drop(engine.ensure('shop.rows')));
  expect(engine.get('shop.rows')).toBeNull();
  await write(() => insert('shop.rows', 1, 'y'));
  await reopen();
  expect(contentOf('shop.rows')).toEqual(['y']);
});

test('the number of a dropped index is not confused with that of one beside it', async () => {
  await write(() => addIndex(engine, engine.ensure('shop.rows'), map({ key: map({ name: 1 }), name: 'a' })));
  await write(() => addIndex(engine, engine.ensure('shop.rows'), byName));
  await write(() => insert('shop.rows', 1, 'x'));
  const rows = engine.ensure('shop.rows');
  await write(() => engine.dropIndex(rows, rows.indexes[1] as never));
  await reopen();
  await expect(write(() => insert('shop.rows', 2, 'x'))).rejects.toMatchObject({ code: 11000 });
  expect(engine.get('shop.rows')?.indexes.map(({ number }) => number)).toEqual([1, 3]);
});

test('a unique index that cannot be built is not there, and two collections do not see each other', async () => {
  for (const [id, name] of [[1, 'x'], [2, 'x']] as const) await write(() => insert('shop.rows', id, name)); // prettier-ignore
  await write(() => insert('shop.others', 1, 'x'));
  await expect(write(() => addIndex(engine, engine.ensure('shop.rows'), byName))).rejects.toMatchObject({
    code: 11000,
  });
  expect(engine.get('shop.rows')?.indexes).toHaveLength(1);
  await write(() => addIndex(engine, engine.ensure('shop.others'), byName));
  expect(contentOf('shop.others')).toEqual(['x']);
});
