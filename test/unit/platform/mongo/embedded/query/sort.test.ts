import type { Doc } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { decode } from '../../../../../../src/platform/mongo/embedded/bson/decode';
import { orderOf, parseSort } from '../../../../../../src/platform/mongo/embedded/query/sort';
import { serialize } from 'bson';

const doc = (plain: object): Doc => decode(Buffer.from(serialize(plain)));
const key = (sort: object, plain: object): unknown[] =>
  orderOf(parseSort(doc(sort)), null)
    .keyOf(doc(plain))
    .map(plainOf);
const plainOf = (value: unknown): unknown => (value as { value?: unknown } | null)?.value ?? value;

/** MongoDB's manual, reference/method/cursor.sort, "Ascending/Descending Sort"; the keys are those of an index. */
test.each<[string, object, object, unknown[]]>([
  ['the least item upwards', { a: 1 }, { a: [3, 1, 2] }, [1]],
  ['the greatest item downwards', { a: -1 }, { a: [3, 1, 2] }, [3]],
  ['null where it is not', { a: 1, 'b.c': 1 }, { b: 5 }, [null, null]],
  ['null where an item of an array has no fields', { 'a.b': 1 }, { a: [5, { b: 2 }] }, [null]],
  ['fields of one item, not the least of each', { 'a.b': 1, 'a.c': 1 }, { a: [{ b: 1, c: 9 }, { b: 2, c: 0 }] }, [1, 9]],
  ['an item by its place', { 'a.1': 1 }, { a: [3, 1, 2] }, [1]],
])('a document is sorted by %s', (_what, sort, plain, wanted) => {
  expect(key(sort, plain)).toEqual(wanted);
}); // prettier-ignore

test.each([
  [
    { a: 1, b: 1 },
    { a: [1, 2], b: [3] },
  ],
  [
    { 'a.c': 1, 'b.c': 1 },
    { a: [{ c: 1 }], b: [{ c: 2 }] },
  ],
])('two arrays beside each other are refused', (sort, plain) => {
  expect(() => key(sort, plain)).toThrow(expect.objectContaining({ code: 2 }));
});
