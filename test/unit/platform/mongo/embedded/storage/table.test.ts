import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../../../../../../src/platform/mongo/embedded/storage/engine';
import { prefixEnd, tableKey, type Table } from '../../../../../../src/platform/mongo/embedded/storage/table';

let folder: string;
let engine: Engine;
let table: Table;
/** Beside what the catalogue uses. */
const prefix = tableKey(77, 7);
const keyOf = (number: number): Buffer => {
  const key = Buffer.alloc(8);
  prefix.copy(key);
  key.writeUInt16BE(number, 6);
  return key;
};
const numberOf = (key: Buffer) => key.readUInt16BE(6);
const all = Array.from({ length: 1_500 }, (_unused, at) => at * 2);
const between = (from: number, to: number) => all.filter((number) => number >= from && number < to);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-table-'));
  engine = new Engine(folder);
  ({ table } = engine);
  await table.transaction(() => all.forEach((number) => table.put(keyOf(number), Buffer.of(number % 256))));
  table.refresh();
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Bounds that are keys, that lie between keys, before the first and behind the last; of few and of many entries. */
const bounds = [
  [0, 3_000], [0, 1], [0, 2], [1, 2], [10, 10], [11, 45], [10, 44], [10, 42], [2, 1_003], [2_998, 3_100], [5, 2_999],
] as const; // prettier-ignore

describe.each(bounds)('from %i to %i', (from, to) => {
  const wanted = between(from, to);
  const backwards = [...wanted].reverse();

  test('a range has its start and not its end, forwards and backwards', () => {
    const read = (reverse: boolean) => [...table.range(keyOf(from), keyOf(to), reverse)];
    expect(read(false).map(({ key }) => numberOf(key))).toEqual(wanted);
    expect(read(true).map(({ key }) => numberOf(key))).toEqual(backwards);
    expect(read(true).every(({ key, value }) => value[0] === numberOf(key) % 256)).toBe(true);
  });

  test.each([undefined, 1, 2, 17, 5_000])('its keys do, when %p are expected', (expected) => {
    const read = (reverse: boolean) =>
      [...table.keys(keyOf(from), keyOf(to), reverse, expected)].map(numberOf);
    expect(read(false)).toEqual(wanted);
    expect(read(true)).toEqual(backwards);
  });

  test('its values are read where they lie', () => {
    const read = (bytes: Buffer, length: number) => [length, bytes[0]];
    const values = [...table.readings(keyOf(from), keyOf(to), read)].flat();
    expect(values).toEqual(wanted.map((number) => [1, number % 256]));
    // And afterwards as they were.
    const [first] = table.range(keyOf(from), keyOf(to), false);
    expect(first?.key ?? null).toEqual(wanted[0] === undefined ? null : keyOf(wanted[0]));
  });

  test('its keys are counted', () => {
    const parts = [...table.counts(keyOf(from), keyOf(to))];
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(wanted.length);
  });
});

test.each([
  ['01', '02'],
  ['01ff', '02'],
  ['0102', '0103'],
])('behind all that begin with %s comes %s', (start, end) => {
  expect(prefixEnd(Buffer.from(start, 'hex')).toString('hex')).toBe(end);
});

test('a value is read where it lies, and one that is not there is not', () => {
  const first = (bytes: Buffer) => bytes[0];
  expect([table.reading(keyOf(12), first), table.reading(keyOf(13), first)]).toEqual([12, undefined]);
});

test('a reading that fails leaves the table as it was', () => {
  const fails = () => {
    throw new RangeError('unreadable');
  };
  expect(() => [...table.readings(keyOf(0), keyOf(9), fails)]).toThrow('unreadable');
  expect([...table.range(keyOf(0), keyOf(4), false)].map(({ value }) => value[0])).toEqual([0, 2]);
});
