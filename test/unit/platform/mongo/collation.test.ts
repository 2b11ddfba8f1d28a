import { Int32 } from 'bson';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Doc, Value } from '../../../../src/platform/mongo/embedded/bson/value';
import { coveredCount } from '../../../../src/platform/mongo/embedded/commands/covered-count';
import { environmentOf } from '../../../../src/platform/mongo/embedded/commands/environment';
import { findDocuments, type Query } from '../../../../src/platform/mongo/embedded/query/find';
import { Engine } from '../../../../src/platform/mongo/embedded/storage/engine';
import { withId } from '../../../../src/platform/mongo/embedded/update/apply-update';
import { addIndex } from '../../../support/add-index';
import { storeForEachTest } from '../../../support/command-runner';

// https://www.mongodb.com/docs/manual/reference/collation/#collation-and-index-use
const { run } = storeForEachTest();

const people = ['bo', 'Al', 'BO', 'cy', 'al', 'Di'];
const insensitive = { locale: 'en', strength: 2 };
const fill = async (names: string[], collation: object | null, key: object = { name: 1 }) => {
  await run({
    insert: 'rows',
    documents: names.map((name, _id) => ({ _id, name, n: _id, at: new Date(_id) })),
  });
  await run({ createIndexes: 'rows', indexes: [{ key, name: 'one', ...(collation && { collation }) }] });
};
async function found(command: object) {
  const { queryPlanner, executionStats } = await run({ explain: { find: 'rows', ...command } });
  const plan = JSON.stringify(queryPlanner.winningPlan);
  const { cursor } = await run({ find: 'rows', ...command });
  return {
    ids: cursor.firstBatch.map(({ _id }: { _id: number }) => _id),
    scan: plan.includes('IXSCAN') ? 'index' : 'all',
    isSorted: !plan.includes('"SORT"'),
    docs: executionStats.totalDocsExamined as number,
  };
}

test.each<[string, object, number[], number]>([
  ['equality', { filter: { name: 'bO' } }, [0, 2], 2],
  ['one of several', { filter: { name: { $in: ['AL', 'di', 'x'] } } }, [1, 4, 5], 3],
  ['a range', { filter: { name: { $gte: 'B', $lt: 'D' } } }, [0, 2, 3], 3],
  ['an order', { sort: { name: -1 }, limit: 2 }, [5, 3], 2],
  ['a range in its order', { filter: { name: { $gt: 'AL' } }, sort: { name: 1 }, limit: 2 }, [0, 2], 2],
])('an index of the same collation answers %s', async (_what, command, ids, docs) => {
  await fill(people, insensitive);
  const outcome = await found({ ...command, collation: insensitive });
  expect({ ...outcome, ids: outcome.ids.sort() }).toEqual({
    ids: ids.sort(),
    scan: 'index',
    isSorted: true,
    docs,
  });
});

test('one of another collation, or of none, does not answer for texts', async () => {
  for (const collation of [null, { locale: 'en', strength: 1 }, { locale: 'sv', strength: 2 }]) {
    await run({ drop: 'rows' });
    await fill(people, collation);
    const equality = await found({ filter: { name: 'bO' }, collation: insensitive });
    expect(equality).toMatchObject({ ids: [0, 2], scan: 'all' });
    const sorted = await found({ sort: { name: 1 }, collation: insensitive });
    expect(sorted).toMatchObject({ ids: [1, 4, 0, 2, 3, 5], scan: 'all', isSorted: false });
  }
  await run({ drop: 'rows' });
  await fill(people, insensitive);
  expect(await found({ filter: { name: 'bo' } })).toMatchObject({ ids: [0], scan: 'all' });
});

test('for what is no text it does', async () => {
  await fill(people, null, { n: 1, name: 1 });
  const page = { filter: { n: { $gte: 2, $lt: 4 }, name: { $in: ['bo', 'CY'] } }, collation: insensitive };
  expect(await found(page)).toMatchObject({ ids: [2, 3], scan: 'index', docs: 2 });
  expect((await run({ count: 'rows', query: page.filter, collation: insensitive }))['n']).toBe(2);
});

test('texts of which the folded form may tell too little end its use, and are found', async () => {
  await fill([...people, 'Ｂo'], insensitive);
  const equality = await found({ filter: { name: 'bo' }, collation: insensitive });
  expect(equality).toMatchObject({ ids: [0, 2, 6], scan: 'all' });
});

test.each([
  ['an order of its own', { locale: 'cs', strength: 2 }],
  ['upper and lower case apart', { locale: 'en', strength: 3 }],
  ['numbers in texts', { locale: 'en', strength: 2, numericOrdering: true }],
])('nor does one with %s answer for texts', async (_what, collation) => {
  await fill(['ch', 'ci', 'a10', 'a9', 'B', 'b'], collation);
  expect(await found({ sort: { name: 1 }, collation })).toMatchObject({ scan: 'all', isSorted: false });
});

describe('with an engine', () => {
  let folder: string;
  let engine: Engine;
  let runs = 0;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-collation-'));
    engine = new Engine(folder);
  });
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const map = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));
  const collationOf = (locale: string, strength: number): Doc =>
    map({ locale, strength: new Int32(strength) });
  const collations: (Doc | null)[] = [null, collationOf('en', 2), collationOf('en', 1), collationOf('en', 3)];
  const plain = fc.constantFrom<Value>('a', 'A', 'b', 'B', 'ab', 'Ab', 'a b', '1', 1, 2, null, new Date(1));
  const other = fc.oneof(
    { arbitrary: plain, weight: 12 },
    fc.constantFrom<Value>('é', 'e', '_', 'Ａ', 'a\u0301'),
  );
  const operand = fc.oneof({ arbitrary: plain, weight: 6 }, fc.constantFrom<Value>('é', 'Ａ'));
  const rows = fc.oneof(plain, other).chain((kind) => {
    const one = typeof kind === 'string' ? other : plain;
    return fc.array(
      fc.record({ a: fc.oneof(one, fc.array(one, { maxLength: 2 })), b: one, c: fc.record({ d: one }) }),
      { maxLength: 10 },
    );
  });
  const condition: fc.Arbitrary<Value> = fc.oneof(
    operand,
    fc
      .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne'), operand)
      .map(([name, one]) => map({ [name]: one })),
    fc.tuple(operand, operand).map(([low, high]) => map({ $gte: low, $lt: high })),
    fc.array(operand, { maxLength: 3 }).map((list) => map({ $in: list })),
    fc.array(operand, { minLength: 1, maxLength: 2 }).map((list) => map({ $all: list })),
  );
  const filter = fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'c.d'), condition), { maxLength: 2 })
    .map((entries) => new Map(entries));
  const sort = fc.constantFrom<Query['sort']>(
    [],
    [{ path: 'a', direction: 1 }],
    [{ path: 'b', direction: -1 }],
    [
      { path: 'b', direction: 1 },
      { path: 'a', direction: -1 },
    ],
  );
  const keys = [map({ a: 1 }), map({ b: -1, a: 1 }), map({ 'c.d': 1, b: 1 })];

  test('an indexed plan finds what a full scan finds, in the same order, under any collation', async () => {
    let indexed = 0;
    await fc.assert(
      fc.asyncProperty(
        rows, filter, sort, fc.constantFrom(...collations), fc.constantFrom(...collations),
        async (docs, wanted, order, ofIndex, ofQuery) => {
          await engine.table.transaction(() => {
            const collection = engine.ensure(`test.c${++runs}`);
            for (const [at, key] of keys.entries()) {
              const spec = map({ key, name: `i${at}` });
              addIndex(engine, collection, ofIndex ? new Map([...spec, ['collation', ofIndex]]) : spec);
            }
            for (const { a, b, c } of docs) collection.insert(withId(map({ a, b, c: map(c) })));
            const environment = environmentOf(ofQuery ? map({ collation: ofQuery }) : map({}), new Date(0));
            const total = order.length > 0 ? [...order, { path: '_id', direction: 1 as const }] : order;
            const query = (hint?: Value): Query => ({
              filter: wanted, sort: total, skip: 0, limit: 0, hint, environment,
            }); // prettier-ignore
            const ids = (one: Query) => [...findDocuments(collection, one, examined)].map(({ recordId }) => recordId);
            const examined = { keys: 0, docs: 0, plan: null };
            const inOrder = (list: number[]) => (total.length > 0 ? list : [...list].sort((a, b) => a - b));
            const scanned = inOrder(ids(query(map({ $natural: 1 }))));
            for (const hint of [undefined, 'i0', 'i1', 'i2']) {
              expect(inOrder(ids(query(hint)))).toEqual(scanned);
              if (examined.plan) indexed++;
            }
            const covered = total.length > 0 ? null : coveredCount(collection, query());
            if (covered) expect([...covered].reduce((sum, part) => sum + part, 0)).toBe(scanned.length);
          });
        },
      ),
      { numRuns: 400 },
    );
    expect(indexed).toBeGreaterThan(100);
  }); // prettier-ignore
});
