import { compare, type Collate } from '../bson/compare';
import { isDoc, isNumber, toDouble, Undefined, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { valuesAt } from './path';

export interface SortField {
  path: string;
  direction: 1 | -1;
}

export function parseSort(sort: Doc | undefined): SortField[] {
  return [...(sort ?? [])].map(([path, value]) => {
    if (isDoc(value)) throw notSupported('$meta');
    const direction = isNumber(value) ? toDouble(value) : NaN;
    if (direction !== 1 && direction !== -1)
      throw new StoreError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    return { path, direction };
  });
}

export function comparator(fields: SortField[], collate: Collate | null = null): (a: Doc, b: Doc) => number {
  const order = keyComparator(fields, collate);
  return (a, b) => order(sortKey(a, fields, collate), sortKey(b, fields, collate));
}

/** What a document is sorted by: looked up once, where many are to be sorted. */
export const sortKey = (doc: Doc, fields: SortField[], collate: Collate | null): Value[] =>
  fields.map(({ path, direction }) => sortValue(doc, path, direction, collate));

/** What a document is sorted by, and which key is first. */
export interface Order {
  keyOf(doc: Doc): Value[];
  compare(a: Value[], b: Value[]): number;
}

/** @throws StoreError, for a document, where two of the fields are arrays. */
export const orderOf = (fields: SortField[], collate: Collate | null): Order => ({
  keyOf(doc) {
    refuseParallelArrays(doc, fields);
    return sortKey(doc, fields, collate);
  },
  compare: keyComparator(fields, collate),
});

export function keyComparator(
  fields: SortField[],
  collate: Collate | null,
): (a: Value[], b: Value[]) => number {
  return (a, b) => {
    for (let at = 0; at < fields.length; at++) {
      const order = compare(a[at] as Value, b[at] as Value, collate) * (fields[at] as SortField).direction;
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** An array sorts by its smallest item upwards and its greatest downwards; nothing sorts as null, an empty array before it. */
export function sortValue(doc: Doc, path: string, direction: 1 | -1, collate: Collate | null = null): Value {
  const values = valuesAt(doc, path).flatMap((value) =>
    Array.isArray(value) ? (value.length === 0 ? [emptyArray] : value) : [value ?? null],
  );
  return values.reduce(
    (best, value) => (compare(value, best, collate) * direction < 0 ? value : best),
    values[0] ?? null,
  );
}

/** Below null, as MongoDB sorts it. */
const emptyArray = new Undefined();

/** `$natural`: the order in which the documents came. */
export const naturalOrder = (sort: SortField[]): 1 | -1 | null =>
  sort[0]?.path === '$natural' ? sort[0].direction : null;

/** Which item of the one would go with which of the other? */
export function refuseParallelArrays(doc: Doc, fields: SortField[]): void {
  const arrays = fields.filter(({ path }) => valuesAt(doc, path).some(Array.isArray));
  if (arrays.length > 1) throw new StoreError(2, 'cannot sort with keys that are parallel arrays');
}
