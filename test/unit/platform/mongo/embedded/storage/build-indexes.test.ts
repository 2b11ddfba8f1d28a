import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import {
  buildIndexes,
  forgetBuilds,
} from '../../../../../../src/platform/mongo/embedded/storage/build-indexes';
import type { Collection } from '../../../../../../src/platform/mongo/embedded/storage/collection';
import { Engine } from '../../../../../../src/platform/mongo/embedded/storage/engine';
import type { IndexBuild } from '../../../../../../src/platform/mongo/embedded/storage/index-build';
import { Slices } from '../../../../../../src/platform/mongo/embedded/storage/slices';
import { tableKey } from '../../../../../../src/platform/mongo/embedded/storage/table';
import { addIndex } from '../../../../../support/add-index';

const count = 220;
const map = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));
const spec = (unique = false): Doc => map({ key: map({ n: 1 }), name: 'n_1', unique });

let folder: string;
let engine: Engine;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-builds-'));
  engine = new Engine(folder);
  await write(() => {
    for (let at = 0; at < count; at++) insert(at, at);
  });
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const write = (work: () => unknown) => engine.table.transaction(work);
const rows = (): Collection => engine.ensure('a.rows');
const insert = (_id: number, n: Value) => rows().insert(map({ _id, n }));
const stored = (_id: number) => {
  for (const one of rows().scan()) if (one.doc.get('_id') === _id) return one;
  throw new RangeError(`no ${_id}`);
};
/** Without the number of the index, which stands in front. */
const keysUnder = (collectionId: number, number: number): string[] => {
  const base = tableKey(collectionId, number);
  const end = tableKey(collectionId, number + 1);
  return [...engine.table.keys(base, end, false)].map((key) => key.subarray(base.length).toString('hex'));
};

/** Builds step by step, each in a commit of its own; `between` writes after the first of them. */
async function building(one: Doc, between: () => unknown): Promise<unknown> {
  const begun: IndexBuild[] = [];
  const work = buildIndexes(engine, rows(), [one], begun);
  const step = () => write(() => work.next());
  try {
    expect(await step()).toMatchObject({ done: false });
    await write(between);
    for (;;) if (((await step()) as IteratorResult<unknown>).done) return null;
  } catch (error) {
    return error;
  } finally {
    await forgetBuilds(engine, 'a.rows', begun);
  }
}
const names = () => rows().indexes.map(({ name }) => name);

test('what is written while an index is built stands in it as if it had been there before', async () => {
  const failure = await building(spec(), () => {
    rows().replace(stored(3), map({ _id: 3, n: 'early' }));
    rows().replace(stored(200), map({ _id: 200, n: ['late', 'twice'] }));
    rows().remove(stored(4));
    rows().remove(stored(201));
    insert(1_000, 'new');
  });
  expect([failure, names()]).toEqual([null, ['_id_', 'n_1']]);
  await write(() => addIndex(engine, rows(), map({ key: map({ n: 1 }), name: 'again' })));
  const [, built, again] = rows().indexes;
  expect(built).toMatchObject({ isMultikey: true });
  expect(keysUnder(rows().id, built?.number ?? 0)).toEqual(keysUnder(rows().id, again?.number ?? 0));
  expect(keysUnder(rows().id, built?.number ?? 0)).toHaveLength(count);
});

test('nobody is refused by an index that is not there yet; where two have one key it does not come', async () => {
  const failure = await building(spec(true), () => insert(1_000, 7));
  expect(failure).toMatchObject({ code: 11000 });
  expect([names(), stored(1_000).doc.get('n')]).toEqual([['_id_'], 7]);
  expect(keysUnder(rows().id, 2)).toEqual([]);
});

test.each([
  ['by those that were read already', 3, 7],
  ['by those that are still to be read', 210, 211],
])('also where it is %s', async (_which, one, other) => {
  const taken = () => rows().replace(stored(one), map({ _id: one, n: stored(other).doc.get('n') as Value }));
  expect(await building(spec(true), taken)).toMatchObject({ code: 11000 });
  expect([names(), keysUnder(rows().id, 2)]).toEqual([['_id_'], []]);
});

test('two that had one key for a moment are no reason against it', async () => {
  const failure = await building(spec(true), () => {
    insert(1_000, 7);
    rows().remove(stored(1_000));
  });
  expect([failure, names()]).toEqual([null, ['_id_', 'n_1']]);
  await expect(write(() => insert(1_001, 7))).rejects.toMatchObject({ code: 11000 });
});

test('a document that cannot stand in it is written, and ends it', async () => {
  const both = map({ key: map({ n: 1, m: 1 }), name: 'n_1' });
  const failure = await building(both, () => {
    rows().insert(map({ _id: 1_000, n: [1, 2], m: [1, 2] }));
    rows().remove(stored(5));
  });
  expect([failure, names()]).toMatchObject([{ code: 171 }, ['_id_']]);
});

test('it ends with its collection, and nothing of either is left', async () => {
  const { id } = rows();
  expect(await building(spec(), () => engine.drop(rows()))).toMatchObject({
    code: 276,
    codeName: 'IndexBuildAborted',
  });
  await new Slices(engine).run(engine.clearing(id));
  expect([0, 1, 2].map((number) => keysUnder(id, number).length)).toEqual([0, 0, 0]);
});

test('what a process left that died is no index, and is gone once it is cleared', async () => {
  const work = buildIndexes(engine, rows(), [spec(true)]);
  await write(() => work.next());
  await engine.close();
  engine = new Engine(folder);
  expect(names()).toEqual(['_id_']);
  await write(() => insert(1_000, 7));
  expect(keysUnder(rows().id, 2).length).toBeGreaterThan(0);
  expect(engine.leftovers()).toEqual([rows().id]);
  for (const id of engine.leftovers()) await new Slices(engine).run(engine.clearing(id));
  expect([keysUnder(rows().id, 2), engine.leftovers()]).toEqual([[], []]);
});

test('a collection that was dropped, or was being made, is gone after a crash and is not found before', async () => {
  const made = (await write(() => engine.make('a.made'))) as Collection;
  await write(() => engine.inMaking(made.id).insert(map({ _id: 1 })));
  const { id } = rows();
  await write(() => engine.drop(rows()));
  await engine.close();
  engine = new Engine(folder);
  expect(engine.list('a')).toEqual([]);
  expect([...engine.leftovers()].sort()).toEqual([id, made.id]);
  for (const one of engine.leftovers()) await new Slices(engine).run(engine.clearing(one));
  expect([keysUnder(id, 0), keysUnder(id, 1), keysUnder(made.id, 0)]).toEqual([[], [], []]);
  await engine.close();
  engine = new Engine(folder);
  expect(engine.leftovers()).toEqual([]);
});
