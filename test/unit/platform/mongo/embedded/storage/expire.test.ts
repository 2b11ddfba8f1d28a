import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { Engine } from '../../../../../../src/platform/mongo/embedded/storage/engine';
import { addIndex } from '../../../../../support/add-index';
import { removeExpired } from '../../../../../../src/platform/mongo/embedded/storage/expire';

const hour = 3_600;
const now = new Date('2026-01-01T12:00:00Z');
const ago = (seconds: number, ms = 0) => new Date(now.getTime() - seconds * 1_000 + ms);

let folder: string;
let engine: Engine;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-expire-'));
  engine = new Engine(folder);
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const map = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));

/** Which of the values of `at` are left after an hour's index has been swept? */
async function left(values: Value[], key: Record<string, Value>): Promise<number[]> {
  await engine.table.transaction(() => {
    const rows = engine.ensure('a.rows');
    addIndex(engine, rows, map({ key: map(key), name: 'ttl', expireAfterSeconds: hour }));
    for (const [_id, at] of values.entries()) rows.insert(map({ _id, at }));
  });
  await removeExpired(engine, now);
  engine.table.refresh();
  return [...(engine.get('a.rows')?.scan() ?? [])].map(({ doc }) => Number(doc.get('_id')));
}

/** MongoDB's manual, core/index-ttl. */
describe.each([1, -1])('by an index of direction %i', (direction) => {
  test.each<[string, Value[], number[]]>([
    ['what is older goes, to the millisecond', [ago(hour, -1), ago(hour), ago(hour, 1), now], [2, 3]],
    ['dates before 1970 are old', [new Date(-1), new Date(0)], []],
    ['what is no date stays', ['2020-01-01', null, 0, map({ at: ago(2 * hour) })], [0, 1, 2, 3]],
    ['of several dates the oldest counts', [[now, ago(2 * hour)], [now, ago(1)], []], [1, 2]],
  ])('%s', async (_name, values, wanted) => {
    expect(await left(values, { at: direction })).toEqual(wanted);
  });

  test('more go than one step takes', async () => {
    const many = Array.from({ length: 2_100 }, (_unused, at) => (at % 700 === 0 ? now : ago(2 * hour)));
    expect(await left(many, { at: direction })).toEqual([0, 700, 1_400]);
  });
});

test('an index of two fields expires nothing', async () => {
  expect(await left([ago(2 * hour)], { at: 1, _id: 1 })).toEqual([0]);
});
