import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  defineIndex,
  type IndexDefinition,
} from '../../../../../../src/platform/mongo/embedded/storage/index-definition';
import { Engine } from '../../../../../../src/platform/mongo/embedded/storage/engine';
import { addIndex } from '../../../../../support/add-index';
import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';

let folder: string;
let engine: Engine;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-steps-'));
  engine = new Engine(folder);
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const keysIn = (index: IndexDefinition): number =>
  [...engine.ensure('a.rows').countKeys(index, Buffer.alloc(0), Buffer.alloc(64, 255))].reduce(
    (sum, part) => sum + part,
    0,
  );
const doc = (_id: number, more: Record<string, Value> = {}): Doc =>
  new Map<string, Value>([['_id', _id], ...Object.entries(more)]);
const insert = (namespace: string, _id: number, more?: Record<string, Value>) =>
  engine.ensure(namespace).insert(doc(_id, more));
const ids = (namespace: string): Value[] =>
  [...(engine.get(namespace)?.scan() ?? [])].map((stored) => stored.doc.get('_id') as Value);
const outcomes = async (steps: (() => unknown)[]) => {
  const settled = await Promise.allSettled(steps.map((step) => engine.table.transaction(step)));
  engine.table.refresh();
  return settled.map(({ status }) => status);
};
const breaks = (): never => {
  throw new RangeError('not an error of MongoDB');
};

test('of steps that share a commit, the one that throws leaves nothing, and the others are whole', async () => {
  const settled = await outcomes([
    () => insert('a.rows', 1),
    () => {
      insert('a.rows', 2);
      engine.get('a.rows')?.remove([...(engine.get('a.rows')?.scan() ?? [])][0] as never);
      breaks();
    },
    () => insert('a.rows', 3),
  ]);
  expect(settled).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(ids('a.rows')).toEqual([1, 3]);
  const [byId] = engine.get('a.rows')?.indexes ?? [];
  expect(keysIn(byId as never)).toBe(2);
});

test('a collection and an index of a step that throws are not known afterwards, and can be made', async () => {
  const spec = new Map<string, Value>([
    ['key', new Map([['n', 1]])],
    ['name', 'n_1'],
  ]);
  await outcomes([() => insert('a.rows', 1, { n: 1 })]);
  const made = () => {
    insert('a.new', 1);
    addIndex(engine, engine.ensure('a.rows'), spec);
  };
  await outcomes([() => (made(), breaks()), () => insert('a.rows', 2, { n: 2 })]);
  expect(engine.get('a.new')).toBeNull();
  expect(engine.get('a.rows')?.indexes.map(({ name }) => name)).toEqual(['_id_']);
  expect(await outcomes([made])).toEqual(['fulfilled']);
  expect(ids('a.new')).toEqual([1]);
  const index = engine.get('a.rows')?.indexes[1] ?? defineIndex(2, spec);
  expect(keysIn(index)).toBe(2);
});

test('a dropped collection is there again when its step throws, with what came before in the same commit', async () => {
  await outcomes([() => insert('a.rows', 1)]);
  await outcomes([
    () => insert('a.rows', 2),
    () => (engine.drop(engine.ensure('a.rows')), breaks()),
    () => insert('a.rows', 3),
  ]);
  expect(ids('a.rows')).toEqual([1, 2, 3]);
  await engine.close();
  engine = new Engine(folder);
  expect(ids('a.rows')).toEqual([1, 2, 3]);
});

test('who closes it as well waits until what was begun is written', async () => {
  const writes = Array.from({ length: 50 }, (_unused, at) =>
    engine.table.transaction(() => insert('a.rows', at)),
  );
  await Promise.all([engine.close(), engine.close()]);
  expect(new Set((await Promise.allSettled(writes)).map(({ status }) => status))).toEqual(
    new Set(['fulfilled']),
  );
});
