import { Decimal128, Int32, ObjectId } from 'bson';
import { fitsInt, fitsLong } from '../bson/arithmetic';
import { exactOf, shortExactOf, toDecimal, wholeOf } from '../bson/exact';
import { isNumber, toDouble, typeAliases, typeNumber, type Value } from '../bson/value';
import { StoreError } from '../error';
import { parseDate } from '../time/parse-date';
import { isNothing, namedParts, overList, overPresent, typeName } from './operands';
import type { Operator, Operators } from './scope';
import { toText } from './to-text';
import { isTrue } from './truth';

const converters: Record<string, (value: Value) => Value> = {
  int: (value) => {
    const whole = toWhole(value, 'int');
    if (!fitsInt(whole)) throw failure(value, 'int', 'it is out of range');
    return new Int32(Number(whole));
  },
  long: (value) => {
    const whole = value instanceof Date ? BigInt(value.getTime()) : toWhole(value, 'long');
    if (!fitsLong(whole)) throw failure(value, 'long', 'it is out of range');
    return whole;
  },
  double: (value) => {
    if (typeof value === 'boolean') return Number(value);
    if (value instanceof Date) return value.getTime();
    if (isNumber(value)) return toDouble(value);
    if (typeof value === 'string' && /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value))
      return Number(value);
    throw failure(value, 'double');
  },
  decimal: (value) => {
    if (typeNumber(value) === 19) return value;
    if (typeof value === 'boolean') return Decimal128.fromString(value ? '1' : '0');
    if (value instanceof Date) return Decimal128.fromString(String(value.getTime()));
    if (isNumber(value)) {
      const exact = shortExactOf(value);
      return exact ? toDecimal(exact) : Decimal128.fromString(String(toDouble(value)));
    }
    if (typeof value === 'string' && /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value))
      return Decimal128.fromString(value);
    throw failure(value, 'decimal');
  },
  bool: (value) => (isNumber(value) || typeof value === 'boolean' ? isTrue(value) : true),
  string: (value) => {
    const written = toText(value);
    if (written === null) throw failure(value, 'string');
    return written;
  },
  date: (value) => {
    if (value instanceof Date) return value;
    if (typeNumber(value) === 7) return (value as ObjectId).getTimestamp();
    if (isNumber(value) && typeNumber(value) !== 16) return new Date(Math.trunc(toDouble(value)));
    const ms = typeof value === 'string' ? parseDate(value, 'UTC') : null;
    if (ms === null) throw failure(value, 'date');
    return new Date(ms);
  },
  objectId: (value) => {
    if (typeNumber(value) === 7) return value;
    if (typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value)) return new ObjectId(value);
    throw failure(value, 'objectId');
  },
};

const converting = (type: string): Operator =>
  overPresent(1, 1, ([value]) => converters[type]?.(value as Value));

export const conversionOperators: Operators = {
  $type: overList(1, 1, ([value]) => typeName(value)),
  $isNumber: overList(1, 1, ([value]) => isNumber(value)),
  $toInt: converting('int'),
  $toLong: converting('long'),
  $toDouble: converting('double'),
  $toDecimal: converting('decimal'),
  $toBool: converting('bool'),
  $toString: converting('string'),
  $toDate: converting('date'),
  $toObjectId: converting('objectId'),
  $convert: (operand, compile) => {
    const parts = namedParts(operand, '$convert', ['input', 'to'], ['onError', 'onNull']);
    const part = (name: string) => (parts.has(name) ? compile(parts.get(name) as Value) : null);
    const [input, to, onError, onNull] = [part('input'), part('to'), part('onError'), part('onNull')];
    return (scope) => {
      const [value, wanted] = [input?.(scope), to?.(scope)];
      if (isNothing(value)) return onNull ? onNull(scope) : null;
      if (isNothing(wanted)) return null;
      const convert = converters[typeNamed(wanted)];
      if (!convert) throw new StoreError(2, `Unknown type name: ${String(wanted)}`);
      try {
        return convert(value);
      } catch (error) {
        if (onError && error instanceof StoreError && error.code === 241) return onError(scope);
        throw error;
      }
    };
  },
};

function typeNamed(wanted: Value): string {
  if (!isNumber(wanted)) return String(wanted);
  return (
    Object.entries(typeAliases).find(
      ([, types]) => types.length === 1 && types[0] === toDouble(wanted),
    )?.[0] ?? ''
  );
}

function toWhole(value: Value, type: string): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'string' && /^[-+]?\d+$/.test(value)) return BigInt(value.replace(/^\+/, ''));
  const exact = isNumber(value) ? exactOf(value) : null;
  if (!exact) throw failure(value, type);
  return wholeOf(exact);
}

const failure = (value: Value, type: string, why = 'it has no such form'): StoreError =>
  new StoreError(241, `Failed to convert ${typeName(value)} ${toText(value) ?? ''} to ${type}: ${why}`);
