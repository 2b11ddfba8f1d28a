import { writeByte, writeBytes, writeDouble } from './key-writer';
import { digitsOf, exactOf, subtractExact, type Exact } from './exact';
import { toDouble, typeNumber, type Value } from './value';
import type { Numeric } from './arithmetic';

/** What the nearest double leaves of a number: nothing, less, or more. */
const less = 0x40;
const nothing = 0x80;
const more = 0xc0;
const digitsKept = 40;

/** Equal numbers of any type have one key; the order of the keys is the order of the values. */
export function writeNumber(value: Numeric): void {
  const isExact = typeof value === 'number' || typeNumber(value) === 16;
  const double = isExact ? toDouble(value) : nearest(value);
  const rest = isExact ? null : restOf(value, double);
  writeDouble(double);
  if (rest) writeBytes(restKey(rest));
  else writeByte(nothing);
}

/** A finite decimal beyond the doubles stands at their end, before infinity. */
function nearest(value: Numeric): number {
  const double = toDouble(value);
  if (Math.abs(double) !== Infinity || exactOf(value) === null) return double;
  return Math.sign(double) * Number.MAX_VALUE;
}

function restOf(value: Value, double: number): Exact | null {
  const [whole, rounded] = [exactOf(value), exactOf(double)];
  if (!whole || !rounded) return null;
  const rest = subtractExact(whole, rounded);
  return rest.coefficient === 0n ? null : rest;
}

function restKey({ coefficient, exponent }: Exact): Buffer {
  const isNegative = coefficient < 0n;
  const digits = (isNegative ? -coefficient : coefficient).toString();
  const size = Buffer.allocUnsafe(4);
  size.writeInt32BE(digitsOf(coefficient) + exponent);
  size[0] = (size[0] as number) ^ 0x80;
  const body = Buffer.concat([size, Buffer.from(digits.slice(0, digitsKept).padEnd(digitsKept, '0'))]);
  return Buffer.concat([
    Buffer.of(isNegative ? less : more),
    isNegative ? Buffer.from(body.map((byte) => 255 - byte)) : body,
  ]);
}
