import { Decimal128, Int32 } from 'bson';
import {
  addExact,
  multiplyExact,
  remainderExact,
  shortExactOf,
  toDecimal,
  divideExact,
  subtractExact,
  type Exact,
} from './exact';
import { isNumber, toDouble, typeNumber, type Value } from './value';

export type Numeric = number | bigint | Int32 | Decimal128;

const [smallest32, largest32] = [-(2n ** 31n), 2n ** 31n - 1n];
const [smallest64, largest64] = [-(2n ** 63n), 2n ** 63n - 1n];
export const fitsInt = (value: bigint): boolean => value >= smallest32 && value <= largest32;
export const fitsLong = (value: bigint): boolean => value >= smallest64 && value <= largest64;

interface Operation {
  whole(a: bigint, b: bigint): bigint;
  fraction(a: number, b: number): number;
  exact(a: Exact, b: Exact): Exact;
}

/**
 * Whole numbers stay whole and grow from 32 to 64 bits; with a double it is a double, with a decimal a decimal.
 * Null when 64 bits are not enough.
 */
function combine(a: Numeric, b: Numeric, operation: Operation): Numeric | null {
  const types = [typeNumber(a), typeNumber(b)];
  if (types.includes(19)) return decimals(a, b, operation);
  if (types.includes(1)) return operation.fraction(toDouble(a), toDouble(b));
  const result = operation.whole(toBigInt(a), toBigInt(b));
  if (!fitsLong(result)) return null;
  return !types.includes(18) && fitsInt(result) ? new Int32(Number(result)) : result;
}

function decimals(a: Numeric, b: Numeric, { exact, fraction }: Operation): Decimal128 {
  const [left, right] = [shortExactOf(a), shortExactOf(b)];
  return left && right
    ? toDecimal(exact(left, right))
    : Decimal128.fromString(String(fraction(toDouble(a), toDouble(b))));
}

const toBigInt = (value: Numeric): bigint =>
  typeof value === 'bigint' ? value : BigInt((value as Int32).value);

const addition: Operation = { whole: (x, y) => x + y, fraction: (x, y) => x + y, exact: addExact };

export function add(a: Numeric, b: Numeric): Numeric | null {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  return addInts(a, b) ?? combine(a, b, addition);
}

/** Two 32-bit integers whose sum is one: what is mostly summed. */
function addInts(a: Numeric, b: Numeric): Int32 | null {
  if (!(a instanceof Int32) || !(b instanceof Int32)) return null;
  const result = a.value + b.value;
  return result === (result | 0) ? new Int32(result) : null;
}
export const subtract = (a: Numeric, b: Numeric): Numeric | null =>
  combine(a, b, { whole: (x, y) => x - y, fraction: (x, y) => x - y, exact: subtractExact });
export const multiply = (a: Numeric, b: Numeric): Numeric | null =>
  combine(a, b, { whole: (x, y) => x * y, fraction: (x, y) => x * y, exact: multiplyExact });
/** The sign is the dividend's. The divisor is not zero. */
export const remainder = (a: Numeric, b: Numeric): Numeric | null =>
  combine(a, b, { whole: (x, y) => x % y, fraction: (x, y) => x % y, exact: remainderExact });

/** A double, or a decimal where one of them is. The divisor is not zero. */
export function divide(a: Numeric, b: Numeric): Numeric {
  if (typeNumber(a) !== 19 && typeNumber(b) !== 19) return toDouble(a) / toDouble(b);
  return decimals(a, b, { whole: (x) => x, fraction: (x, y) => x / y, exact: divideExact });
}

/** Sums go on as a double when 64 bits are not enough. */
export const sum = (a: Numeric, b: Numeric): Numeric => add(a, b) ?? toDouble(a) + toDouble(b);

export const isZero = (value: Value): boolean => isNumber(value) && toDouble(value) === 0;
