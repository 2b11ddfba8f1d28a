import { Int32 } from 'bson';
import { isNumber, toDouble, typeNumber, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';

const [smallest32, largest32] = [-(2n ** 31n), 2n ** 31n - 1n];
const [smallest64, largest64] = [-(2n ** 63n), 2n ** 63n - 1n];

type Whole = (a: bigint, b: bigint) => bigint;
type Fraction = (a: number, b: number) => number;

/** Whole numbers stay whole and grow from 32 to 64 bits; with a double it is a double. */
function combine(a: Value, b: Value, whole: Whole, fraction: Fraction, name: string): Value {
  if (!isNumber(a) || !isNumber(b))
    throw new StoreError(14, `Cannot apply ${name} to a value of non-numeric type`);
  const types = [typeNumber(a), typeNumber(b)];
  if (types.includes(19)) throw notSupported('arithmetic on decimals');
  if (types.includes(1)) return fraction(toDouble(a), toDouble(b));
  const result = whole(toBigInt(a), toBigInt(b));
  if (result < smallest64 || result > largest64)
    throw new StoreError(2, `Failed to apply ${name} operations to current value: overflow`);
  const isInt = !types.includes(18) && result >= smallest32 && result <= largest32;
  return isInt ? new Int32(Number(result)) : result;
}

const toBigInt = (value: Value): bigint =>
  typeof value === 'bigint' ? value : BigInt((value as Int32).value);

export const add = (a: Value, b: Value): Value =>
  combine(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
    '$inc',
  );
export const multiply = (a: Value, b: Value): Value =>
  combine(
    a,
    b,
    (x, y) => x * y,
    (x, y) => x * y,
    '$mul',
  );
