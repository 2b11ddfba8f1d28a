import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { Rows } from '../../../../../../src/platform/mongo/embedded/query/rows';

const count = 500;
const docOf = (at: number): Doc => new Map<string, Value>([['_id', at], ['text', 'x'.repeat(at % 90)]]); // prettier-ignore
function filled(limitBytes: number, mayUseDisk = true): Rows {
  const rows = new Rows({ limitBytes, mayUseDisk }, 'a test');
  for (let at = 0; at < count; at++) for (const _pulse of rows.add(docOf(at)));
  return rows;
}
const at = (rows: Rows, place: number) => Object.fromEntries([...rows.get(place)]);

test.each([
  ['in memory', 100_000_000],
  ['partly in a file', 60_000],
  ['in a file, a few at a time', 1_000],
])('documents are found by their places, forwards, backwards and again: %s', (_where, limitBytes) => {
  const rows = filled(limitBytes);
  expect(rows.length).toBe(count);
  const places = Array.from({ length: count }, (_unused, place) => place);
  for (const place of [...places, ...[...places].reverse(), 3, 3, 67, 3])
    expect(at(rows, place)).toEqual(Object.fromEntries([...docOf(place)]));
  rows.close();
});

test('more than may be held is refused where no file may be used', () => {
  expect(() => filled(60_000, false)).toThrow(expect.objectContaining({ code: 292 }));
});

test('what is closed holds nothing', () => {
  const rows = filled(100_000_000);
  rows.close();
  expect(rows.length).toBe(0);
});
