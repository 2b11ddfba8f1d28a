import { Decimal128 } from 'bson';
import { isNumber, typeNumber, toDouble, type Value } from './value';

/** A finite number without loss: coefficient × 10^exponent. */
export interface Exact {
  coefficient: bigint;
  exponent: number;
}

const mostDigits = 34;

/** Null for NaN and the infinities. */
export function exactOf(value: Value): Exact | null {
  if (!isNumber(value)) return null;
  if (typeof value === 'bigint') return { coefficient: value, exponent: 0 };
  return typeNumber(value) === 19 ? ofDecimal(value as Decimal128) : ofDouble(toDouble(value));
}

function ofDecimal(value: Decimal128): Exact | null {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(value.toString());
  if (!parts) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  return { coefficient: BigInt(`${sign}${whole}${fraction}`), exponent: Number(exponent) - fraction.length };
}

/** Every double is a whole number of halves of halves…, so it has a finite decimal form. */
function ofDouble(value: number): Exact | null {
  if (!Number.isFinite(value)) return null;
  if (Number.isInteger(value)) return { coefficient: BigInt(value), exponent: 0 };
  let [mantissa, halvings] = [value, 0];
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    halvings++;
  }
  return { coefficient: BigInt(mantissa) * 5n ** BigInt(halvings), exponent: -halvings };
}

/** Decimals are made from doubles with the 15 digits that a double always keeps. */
export const shortExactOf = (value: Value): Exact | null =>
  typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value)
    ? ofDecimal(Decimal128.fromString(String(Number(value.toPrecision(15)))))
    : exactOf(value);

export function compareExact(a: Exact, b: Exact): number {
  const { coefficient } = subtractExact(a, b);
  return coefficient < 0n ? -1 : coefficient > 0n ? 1 : 0;
}

export function addExact(a: Exact, b: Exact): Exact {
  const exponent = Math.min(a.exponent, b.exponent);
  return { coefficient: scaled(a, exponent) + scaled(b, exponent), exponent };
}

export const subtractExact = (a: Exact, b: Exact): Exact =>
  addExact(a, { coefficient: -b.coefficient, exponent: b.exponent });

export const multiplyExact = (a: Exact, b: Exact): Exact => ({
  coefficient: a.coefficient * b.coefficient,
  exponent: a.exponent + b.exponent,
});

/** To 36 digits; what is even keeps the exponent that its operands suggest. */
export function divideExact(a: Exact, b: Exact): Exact {
  const shift = Math.max(0, mostDigits + 2 + digitsOf(b.coefficient) - digitsOf(a.coefficient));
  const numerator = a.coefficient * 10n ** BigInt(shift);
  let coefficient = numerator / b.coefficient;
  let exponent = a.exponent - b.exponent - shift;
  if (coefficient * b.coefficient !== numerator) return { coefficient, exponent };
  while (exponent < a.exponent - b.exponent && coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent++;
  }
  return { coefficient, exponent };
}

export function remainderExact(a: Exact, b: Exact): Exact {
  const exponent = Math.min(a.exponent, b.exponent);
  return { coefficient: scaled(a, exponent) % scaled(b, exponent), exponent };
}

/** Rounded to the 34 digits of a decimal, half to even. */
export function toDecimal({ coefficient, exponent }: Exact): Decimal128 {
  const surplus = digitsOf(coefficient) - mostDigits;
  const rounded =
    surplus > 0 ? roundExact({ coefficient, exponent }, exponent + surplus) : { coefficient, exponent };
  return Decimal128.fromString(`${rounded.coefficient}E${rounded.exponent}`);
}

/** Half to even at a power of ten. */
export function roundExact(value: Exact, toExponent: number): Exact {
  if (value.exponent >= toExponent) return value;
  const unit = 10n ** BigInt(toExponent - value.exponent);
  let coefficient = value.coefficient / unit;
  const rest = abs(value.coefficient % unit) * 2n;
  if (rest > unit || (rest === unit && coefficient % 2n !== 0n))
    coefficient += value.coefficient < 0n ? -1n : 1n;
  return { coefficient, exponent: toExponent };
}

export function truncateExact(value: Exact, toExponent: number): Exact {
  if (value.exponent >= toExponent) return value;
  return {
    coefficient: value.coefficient / 10n ** BigInt(toExponent - value.exponent),
    exponent: toExponent,
  };
}

export const digitsOf = (coefficient: bigint): number => abs(coefficient).toString().length;
const abs = (value: bigint): bigint => (value < 0n ? -value : value);
const scaled = ({ coefficient, exponent }: Exact, to: number): bigint =>
  coefficient * 10n ** BigInt(exponent - to);

/** The whole part. */
export const wholeOf = (value: Exact): bigint =>
  value.exponent >= 0 ? scaled(value, 0) : value.coefficient / 10n ** BigInt(-value.exponent);
