import { Decimal128 } from 'bson';
import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { coveredCount, windowed } from '../../../../../../src/platform/mongo/embedded/commands/covered-count';
import { plainEnvironment } from '../../../../../../src/platform/mongo/embedded/query/environment';
import { nothingExamined } from '../../../../../../src/platform/mongo/embedded/query/find';
import { addIndex } from '../../../../../support/add-index';
import { commandRunner, type CommandRunner } from '../../../../../support/command-runner';

let runner: CommandRunner;
beforeAll(async () => {
  runner = commandRunner();
  const { engine } = runner.context;
  await engine.table.transaction(() => {
    const rows = engine.ensure('db.rows');
    addIndex(engine, rows, map({ key: map({ n: 1 }), name: 'n' }));
    for (let at = 0; at < 9_000; at++) rows.insert(map({ _id: at, n: at % 2, text: 'x' }));
  });
});
afterAll(() => runner.close());

const map = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));
function counted(filter: Record<string, Value>, { skip = 0, limit = 0 } = {}) {
  const rows = runner.context.engine.ensure('db.rows');
  const examined = nothingExamined();
  const query = {
    filter: map(filter),
    sort: [],
    skip,
    limit,
    hint: undefined,
    environment: plainEnvironment,
  };
  const parts = coveredCount(rows, query, examined);
  return parts && { parts: [...parts], keys: examined.keys };
}

test.each([
  [{ skip: 0, limit: 0 }, 10],
  [{ skip: 3, limit: 0 }, 7],
  [{ skip: 3, limit: 5 }, 5],
  [{ skip: 8, limit: 5 }, 2],
  [{ skip: 11, limit: 5 }, 0],
])('of ten, %j leaves %i', (window, left) => expect(windowed(10, window)).toBe(left));

test('what an index says whole is counted by its keys, in parts', () => {
  const all = counted({});
  expect(all?.parts.reduce((sum, part) => sum + part, 0)).toBe(9_000);
  expect(all?.parts.length).toBeGreaterThan(2);
  expect(counted({ n: 1 })?.parts.reduce((sum, part) => sum + part, 0)).toBe(4_500);
});

test('no more keys are counted than are asked for', () => {
  expect(counted({ n: 0 }, { skip: 10, limit: 20 })?.keys).toBe(30);
});

test('what keys do not say is not counted by them', () => {
  expect([counted({ text: 'x' }), counted({ n: 1, text: 'x' })]).toEqual([null, null]);
});

test.each<Record<string, Value>>([
  { $gte: 0, $lt: 'x' },
  { $gt: new Date(0), $lte: 1 },
])('nothing lies between bounds of two types', (bounds) => {
  const nothing = { n: map(bounds) };
  expect(counted(nothing)).toEqual({ parts: [], keys: 0 });
});

test('a field that an array has no items for has the key of null, and is not counted for it', async () => {
  const { engine } = runner.context;
  await engine.table.transaction(() => {
    const lists = engine.ensure('db.lists');
    addIndex(engine, lists, map({ key: map({ 'list.n': 1 }), name: 'n' }));
    lists.insert(map({ _id: 0, list: [] }));
  });
  expect(await runner.run({ count: 'lists', query: { 'list.n': null } })).toMatchObject({ n: 0 });
});

test('what is no number is not less than one, and is not counted for it', async () => {
  const { engine } = runner.context;
  await engine.table.transaction(() => {
    const sums = engine.ensure('db.sums');
    addIndex(engine, sums, map({ key: map({ n: 1 }), name: 'up' }));
    addIndex(engine, sums, map({ key: map({ m: -1 }), name: 'down' }));
    for (const [_id, n] of [NaN, Decimal128.fromString('NaN'), -Infinity, 1].entries())
      sums.insert(map({ _id, n, m: n }));
  });
  for (const path of ['n', 'm']) {
    expect(await runner.run({ count: 'sums', query: { [path]: { $lt: 1 } } })).toMatchObject({ n: 1 });
    const notANumber = { [path]: { $gte: Decimal128.fromString('NaN') } };
    expect(await runner.run({ count: 'sums', query: notANumber })).toMatchObject({ n: 2 });
  }
});
