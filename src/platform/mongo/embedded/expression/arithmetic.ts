import { Decimal128, Int32 } from 'bson';
import {
  divide,
  fitsInt,
  fitsLong,
  isZero,
  multiply,
  remainder,
  subtract,
  sum,
  type Numeric,
} from '../bson/arithmetic';
import { exactOf, roundExact, toDecimal, truncateExact, wholeOf, type Exact } from '../bson/exact';
import { isNumber, toDouble, typeNumber, type Value } from '../bson/value';
import { StoreError } from '../error';
import { overList, overPresent, typeName } from './operands';
import type { Operator, Operators } from './scope';

const many = Infinity;

export const arithmeticOperators: Operators = {
  $add: overPresent(0, many, (values) => {
    const dates = values.filter((value) => value instanceof Date);
    if (dates.length > 1) throw new StoreError(16612, 'only one date allowed in an $add expression');
    const total = values
      .filter((value) => !(value instanceof Date))
      .reduce<Numeric>((whole, value) => sum(whole, number(value, '$add')), new Int32(0));
    return dates[0] ? new Date(dates[0].getTime() + Math.round(toDouble(total))) : total;
  }),
  $subtract: overPresent(2, 2, ([a, b]) => {
    if (a instanceof Date && b instanceof Date) return BigInt(a.getTime() - b.getTime());
    if (a instanceof Date) return new Date(a.getTime() - Math.round(toDouble(number(b, '$subtract', 16556))));
    const [left, right] = [number(a, '$subtract', 16556), number(b, '$subtract', 16556)];
    return subtract(left, right) ?? toDouble(left) - toDouble(right);
  }),
  $multiply: overPresent(0, many, (values) =>
    values.reduce<Numeric>((whole, value) => {
      const factor = number(value, '$multiply', 16555);
      return multiply(whole, factor) ?? toDouble(whole) * toDouble(factor);
    }, new Int32(1)),
  ),
  $divide: overPresent(2, 2, ([a, b]) => {
    const [left, right] = [number(a, '$divide', 16609), number(b, '$divide', 16609)];
    if (isZero(right)) throw new StoreError(2, "can't $divide by zero");
    return divide(left, right);
  }),
  $mod: overPresent(2, 2, ([a, b]) => {
    const [left, right] = [number(a, '$mod', 16611), number(b, '$mod', 16611)];
    if (isZero(right)) throw new StoreError(16610, "can't $mod by zero");
    return remainder(left, right) ?? null;
  }),
  $abs: unary((value) => {
    if (typeNumber(value) === 16) return wholeAs(abs(BigInt(toDouble(value))), 16);
    if (typeof value === 'bigint') return abs(value);
    return byExact(value, (exact) => ({ ...exact, coefficient: abs(exact.coefficient) }), Math.abs);
  }),
  $ceil: unary((value) => rounded(value, (exact) => ceiling(exact), Math.ceil)),
  $floor: unary((value) => rounded(value, (exact) => negative(ceiling(negative(exact))), Math.floor)),
  $round: atPlace(roundExact),
  $trunc: atPlace(truncateExact),
  $pow: overPresent(2, 2, ([a, b]) => power(number(a, '$pow', 28762), number(b, '$pow', 28763))),
  $sqrt: unary((value) => {
    if (toDouble(value) < 0)
      throw new StoreError(28714, "$sqrt's argument must be greater than or equal to 0");
    return asDouble(value, Math.sqrt);
  }),
  $exp: unary((value) => asDouble(value, Math.exp)),
  $ln: unary((value) => asDouble(positive(value, '$ln', 28766), Math.log)),
  $log10: unary((value) => asDouble(positive(value, '$log10', 28761), Math.log10)),
  $log: overPresent(2, 2, ([a, b]) => {
    const base = positive(number(b, '$log', 28757), '$log', 28759);
    return asDouble(
      positive(number(a, '$log', 28756), '$log', 28758),
      (value) => Math.log(value) / Math.log(toDouble(base)),
    );
  }),
  $sin: unary((value) => asDouble(value, Math.sin)),
  $cos: unary((value) => asDouble(value, Math.cos)),
  $tan: unary((value) => asDouble(value, Math.tan)),
  $asin: unary((value) => asDouble(value, Math.asin)),
  $acos: unary((value) => asDouble(value, Math.acos)),
  $atan: unary((value) => asDouble(value, Math.atan)),
  $degreesToRadians: unary((value) => asDouble(value, (degrees) => (degrees * Math.PI) / 180)),
  $radiansToDegrees: unary((value) => asDouble(value, (radians) => (radians * 180) / Math.PI)),
  $bitAnd: bitwise((a, b) => a & b, -1n),
  $bitOr: bitwise((a, b) => a | b, 0n),
  $bitXor: bitwise((a, b) => a ^ b, 0n),
  $rand: () => () => Math.random(),
};

function number(value: Value | undefined, name: string, code = 14): Numeric {
  if (isNumber(value)) return value;
  throw new StoreError(code, `${name} only supports numeric types, not ${typeName(value)}`);
}

function unary(apply: (value: Numeric) => Value): Operator {
  return overPresent(1, 1, ([value], _scope, name) => apply(number(value, name, 28765)));
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);
const negative = (exact: Exact): Exact => ({ ...exact, coefficient: -exact.coefficient });

function positive(value: Numeric, name: string, code: number): Numeric {
  if (toDouble(value) <= 0) throw new StoreError(code, `${name}'s argument must be a positive number`);
  return value;
}

/** Doubles by their own function, decimals exactly; both as they are when not finite. */
function byExact(
  value: Numeric,
  exactly: (exact: Exact) => Exact,
  double: (value: number) => number,
): Numeric {
  if (typeof value === 'number') return double(value);
  const exact = exactOf(value);
  return exact ? toDecimal(exactly(exact)) : value;
}

function rounded(
  value: Numeric,
  exactly: (exact: Exact) => Exact,
  double: (value: number) => number,
): Numeric {
  return typeNumber(value) === 16 || typeof value === 'bigint' ? value : byExact(value, exactly, double);
}

function ceiling(exact: Exact): Exact {
  const whole = truncateExact(exact, 0);
  const isMore =
    exact.exponent < 0 &&
    exact.coefficient > 0n &&
    wholeOf(exact) * 10n ** BigInt(-exact.exponent) !== exact.coefficient;
  return isMore ? { ...whole, coefficient: whole.coefficient + 1n } : whole;
}

function atPlace(apply: (exact: Exact, exponent: number) => Exact): Operator {
  return overList(1, 2, ([value, places = new Int32(0)], _scope, name) => {
    if (value === undefined || value === null || places === null) return null;
    const given = number(value, name, 51081);
    const exact = exactOf(given);
    const place = toDouble(number(places, name, 51082));
    if (!Number.isInteger(place) || place < -20 || place > 100)
      throw new StoreError(51083, `cannot apply ${name} with precision value ${place}`);
    return exact ? backTo(given, apply(exact, -place)) : given;
  });
}

function backTo(given: Numeric, exact: Exact): Numeric {
  if (typeof given === 'number') return Number(`${exact.coefficient}e${exact.exponent}`);
  return typeNumber(given) === 19 ? toDecimal(exact) : wholeAs(wholeOf(exact), typeNumber(given));
}

/** A whole number as the smallest of its type and larger ones. */
function wholeAs(value: bigint, type: number): Numeric {
  return type === 16 && fitsInt(value) ? new Int32(Number(value)) : fitsLong(value) ? value : Number(value);
}

function asDouble(value: Numeric, apply: (value: number) => number): Numeric {
  const result = apply(toDouble(value));
  return typeNumber(value) === 19 ? Decimal128.fromString(String(result)) : result;
}

function power(base: Numeric, exponent: Numeric): Numeric {
  const [left, right] = [toDouble(base), toDouble(exponent)];
  if (left === 0 && right < 0)
    throw new StoreError(28764, '$pow cannot take a base of 0 and a negative exponent');
  const types = [typeNumber(base), typeNumber(exponent)];
  if (types.includes(19)) return Decimal128.fromString(String(left ** right));
  if (types.includes(1) || right < 0 || right > 64) return left ** right;
  return wholeAs(BigInt(left) ** BigInt(right), types.includes(18) ? 18 : 16);
}

function bitwise(apply: (a: bigint, b: bigint) => bigint, start: bigint): Operator {
  return overPresent(0, many, (values, _scope, name) => {
    if (values.some((value) => ![16, 18].includes(typeNumber(value))))
      throw new StoreError(14, `${name} only supports int and long operands.`);
    const isLong = values.some((value) => typeof value === 'bigint');
    const bits = values.reduce<bigint>((whole, value) => apply(whole, BigInt(String(value))), start);
    return wholeAs(bits, isLong ? 18 : 16);
  });
}
