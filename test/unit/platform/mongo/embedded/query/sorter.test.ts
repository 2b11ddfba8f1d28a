import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { Sorter } from '../../../../../../src/platform/mongo/embedded/query/sorter';
import { orderOf, parseSort } from '../../../../../../src/platform/mongo/embedded/query/sort';
import { sortInTurns } from '../../../../../../src/platform/mongo/embedded/query/sort-in-turns';
import { seededRandom } from '../../../../../support/random';

const random = seededRandom(7);
const docs = Array.from(
  { length: 3_000 },
  (_unused, at): Doc =>
    new Map<string, Value>([
      ['_id', at],
      ['n', Math.floor(random() * 40)],
      ['text', 'x'.repeat(Math.floor(random() * 200))],
    ]),
);
const expected = [...docs]
  .sort((a, b) => Number(b.get('n')) - Number(a.get('n')) || Number(a.get('_id')) - Number(b.get('_id')))
  .map((doc) => doc.get('_id'));

function sorterOf(limitBytes: number, { most = Infinity, mayUseDisk = true } = {}): Sorter {
  const sorter = new Sorter(orderOf(parseSort(new Map([['n', -1]])), null), { limitBytes, mayUseDisk }, most);
  for (const [place, doc] of docs.entries()) for (const _pulse of sorter.add({ doc, place }));
  return sorter;
}
const idsOf = (sorter: Sorter): unknown[] =>
  [...sorter.sorted()].flatMap((one) => (one ? [one.doc.get('_id')] : []));

test.each([
  ['in memory', 100_000_000],
  ['in a few runs of a file', 400_000],
  ['in many runs of a file', 20_000],
])('documents are in order %s, and equal ones as they came', (_where, limitBytes) => {
  expect(idsOf(sorterOf(limitBytes))).toEqual(expected);
});

test.each([
  ['in memory', 100_000_000],
  ['in a file', 20_000],
])(
  'of equal documents the one with the lower place is first, whichever came first: %s',
  (_where, limitBytes) => {
    const order = orderOf(parseSort(new Map([['n', 1]])), null);
    const sorter = new Sorter(order, { limitBytes, mayUseDisk: true });
    const places = Array.from({ length: 400 }, (_unused, at) => (at * 7_919) % 400);
    for (const place of places) {
      const doc: Doc = new Map<string, Value>([['_id', place], ['n', place % 2], ['text', 'x'.repeat(99)]]); // prettier-ignore
      for (const _pulse of sorter.add({ doc, place }));
    }
    const byPlace = [...places].sort((a, b) => (a % 2) - (b % 2) || a - b);
    expect(idsOf(sorter)).toEqual(byPlace);
  },
);

test('only the first are kept where only they are wanted', () => {
  expect(idsOf(sorterOf(100_000_000, { most: 25 }))).toEqual(expected.slice(0, 25));
  expect(idsOf(sorterOf(30_000, { most: 500 }))).toEqual(expected.slice(0, 500));
});

test('what fits no more and may not go to a file is refused as MongoDB refuses it', () => {
  expect(() => sorterOf(20_000, { mayUseDisk: false })).toThrow(
    expect.objectContaining({ code: 292, codeName: 'QueryExceededMemoryLimitNoDiskUseAllowed' }),
  );
});

test('documents come back from the file with their types and the order of their fields', () => {
  const sorter = sorterOf(20_000);
  const [first] = [...sorter.sorted()].filter((one) => one !== null);
  expect([...(first?.doc ?? [])]).toEqual([...(docs[Number(expected[0])] as Doc)]);
});

test('the file is nowhere to be seen, and gone when the sorting is given up', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-sorter-'));
  const before = openFiles();
  process.env['TMPDIR'] = folder;
  const sorter = sorterOf(20_000);
  delete process.env['TMPDIR'];
  expect(readdirSync(folder)).toEqual([]);
  expect(openFiles()).toBeGreaterThanOrEqual(before);
  const sorted = sorter.sorted();
  sorted.next();
  sorted.return(undefined);
  expect(openFiles()).toBe(before);
  rmSync(folder, { recursive: true });
});

/** Where the system tells. */
function openFiles(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}

test('sorting in turns gives what a sort at once gives, and stands still on the way', () => {
  const items = Array.from({ length: 5_000 }, () => Math.floor(random() * 900));
  const work = sortInTurns(items, (a, b) => a - b);
  let pulses = 0;
  let step = work.next();
  for (; !step.done; step = work.next()) pulses++;
  expect(step.value).toEqual([...items].sort((a, b) => a - b));
  expect(pulses).toBeGreaterThan(20);
});
