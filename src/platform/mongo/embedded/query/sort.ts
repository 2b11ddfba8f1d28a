import { compare, type Collate } from '../bson/compare';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { keyValues, plainValues } from './key-values';

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

/**
 * What a document is sorted by: looked up once, where many are to be sorted. Of several keys, by the items of an array,
 * it is the one that comes first.
 * @throws StoreError where two arrays stand beside each other.
 */
export function sortKey(doc: Doc, fields: SortField[], collate: Collate | null): Value[] {
  const paths = fields.map(({ path }) => path.split('.'));
  const plain = plainValues(doc, paths);
  if (plain) return plain;
  const order = keyComparator(fields, collate);
  return keyValues(doc, paths, refuseParallel).reduce((best, key) => (order(key, best) < 0 ? key : best));
}

function refuseParallel(): never {
  throw new StoreError(2, 'cannot sort with keys that are parallel arrays');
}

/** What a document is sorted by, and which key is first. */
export interface Order {
  keyOf(doc: Doc): Value[];
  compare(a: Value[], b: Value[]): number;
}

export const orderOf = (fields: SortField[], collate: Collate | null): Order => ({
  keyOf: (doc) => sortKey(doc, fields, collate),
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
export const sortValue = (doc: Doc, path: string, direction: 1 | -1): Value =>
  sortKey(doc, [{ path, direction }], null)[0] as Value;

/** `$natural`: the order in which the documents came. */
export const naturalOrder = (sort: SortField[]): 1 | -1 | null =>
  sort[0]?.path === '$natural' ? sort[0].direction : null;
