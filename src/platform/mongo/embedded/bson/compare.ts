import {
  Int32,
  type Binary,
  type BSONRegExp,
  type BSONSymbol,
  type Code,
  type ObjectId,
  type Timestamp,
} from 'bson';
import { compareExact, exactOf } from './exact';
import { isDoc, isNumber, toDouble, typeNumber, type Doc, type Value, type Opaque } from './value';

/** The order of types when values of different ones meet. Numbers are one, strings and symbols too. */
const rank: Record<number, number> = {
  [-1]: 0, 6: 1, 10: 2, 1: 3, 16: 3, 18: 3, 19: 3, 2: 4, 14: 4, 3: 5, 4: 6, 5: 7, 7: 8, 8: 9, 9: 10, 17: 11, 11: 12,
  12: 13, 13: 14, 15: 15, 127: 20,
}; // prettier-ignore

export const typeRank = (value: Value): number => rank[typeNumber(value)] ?? 5;

/** How texts compare under a collation. */
export type Collate = (a: string, b: string) => number;

/** MongoDB's total order over all values. */
export function compare(a: Value, b: Value, collate?: Collate | null): number {
  if (typeof a === 'string' && typeof b === 'string' && !collate) return compareTexts(a, b);
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (typeof a === 'number' && typeof b === 'number') return compareDoubles(a, b);
  if (a instanceof Int32 && b instanceof Int32) return a.value - b.value;
  const left = typeRank(a);
  const right = typeRank(b);
  return left === right ? sameType(left, a, b, collate) : left - right;
}

export const equal = (a: Value, b: Value, collate?: Collate | null): boolean => compare(a, b, collate) === 0;

function sameType(type: number, a: Value, b: Value, collate?: Collate | null): number {
  switch (type) {
    case 3:
      return compareNumbers(a, b);
    case 4:
      return collate ? collate(text(a), text(b)) : compareTexts(text(a), text(b));
    case 5:
      return isDoc(a) && isDoc(b) ? compareDocs(a, b, collate) : 0;
    case 6:
      return compareArrays(a as Value[], b as Value[], collate);
    case 7:
      return compareBinary(a as Binary, b as Binary);
    case 8:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id);
    case 9:
      return Number(a) - Number(b);
    case 10:
      return (a as Date).getTime() - (b as Date).getTime();
    case 11:
      return compareBigInts(BigInt((a as Timestamp).toString()), BigInt((b as Timestamp).toString()));
    case 12: {
      const [left, right] = [a as BSONRegExp, b as BSONRegExp];
      return compareTexts(left.pattern, right.pattern) || compareTexts(left.options, right.options);
    }
    case 13:
    case 15:
      return Buffer.compare((a as Opaque).bytes, (b as Opaque).bytes);
    case 14:
      return compareTexts(String((a as Code).code), String((b as Code).code));
    default:
      return 0;
  }
}

const text = (value: Value): string => (typeof value === 'string' ? value : (value as BSONSymbol).value);
const compareBigInts = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** By bytes. Only beyond the surrogates does UTF-16 order differ from that of UTF-8. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  if (surrogates.test(a) || surrogates.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}
const surrogates = /[\ud800-\udfff]/;

function compareNumbers(a: Value, b: Value): number {
  if (typeof a === 'bigint' && typeof b === 'bigint') return compareBigInts(a, b);
  if (!isNumber(a) || !isNumber(b)) return 0;
  const left = toDouble(a);
  const order = compareDoubles(left, toDouble(b));
  // Equal as doubles: only large integers and decimals can still differ.
  return order === 0 && !Number.isNaN(left) && (isRounded(a) || isRounded(b)) ? exactly(a, b) : order;
}

/** NaN is before all others. */
function compareDoubles(left: number, right: number): number {
  if (left === right) return 0;
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(right)) - Number(Number.isNaN(left));
  return left < right ? -1 : 1;
}

const isRounded = (value: Value): boolean => typeof value === 'bigint' || typeNumber(value) === 19;

function exactly(a: Value, b: Value): number {
  const [left, right] = [exactOf(a), exactOf(b)];
  if (left && right) return compareExact(left, right);
  // One is infinite and the other only beyond what a double holds.
  return (
    Number(isInfinite(a)) * Math.sign(toDouble(a as number)) -
    Number(isInfinite(b)) * Math.sign(toDouble(b as number))
  );
}
const isInfinite = (value: Value): boolean => exactOf(value) === null;

/** Field by field: type, then name, then value; the longer one is greater. */
function compareDocs(a: Doc, b: Doc, collate?: Collate | null): number {
  const [left, right] = [[...a], [...b]];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [[key, value], [otherKey, other]] = [
      left[index] as [string, Value],
      right[index] as [string, Value],
    ];
    const difference =
      typeRank(value) - typeRank(other) || compareTexts(key, otherKey) || compare(value, other, collate);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function compareArrays(a: Value[], b: Value[], collate?: Collate | null): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = compare(a[index] as Value, b[index] as Value, collate);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareBinary(a: Binary, b: Binary): number {
  return (
    a.position - b.position ||
    a.sub_type - b.sub_type ||
    Buffer.compare(Buffer.from(a.value()), Buffer.from(b.value()))
  );
}
