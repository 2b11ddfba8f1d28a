import { Int32, type ObjectId, type Timestamp } from 'bson';
import { isDoc, isNumber, toDouble, typeNumber, type Value } from '../bson/value';
import { StoreError } from '../error';
import * as calendar from '../time/calendar';
import { formatDate } from '../time/format-date';
import { parseDate, parseDateBy } from '../time/parse-date';
import { addToDate, dateDifference, isUnit, truncateDate } from '../time/units';
import { fromLocal, toLocal } from '../time/zone';
import { isNothing, namedParts, overNamed, overOne, typeName, wholeNumber } from './operands';
import type { Evaluate, Operator, Operators } from './scope';

type Named = Record<string, Value | undefined>;

export const dateOperators: Operators = {
  $year: part((local) => calendar.partsOf(local).year),
  $month: part((local) => calendar.partsOf(local).month),
  $dayOfMonth: part((local) => calendar.partsOf(local).day),
  $hour: part((local) => calendar.partsOf(local).hour),
  $minute: part((local) => calendar.partsOf(local).minute),
  $second: part((local) => calendar.partsOf(local).second),
  $millisecond: part((local) => calendar.partsOf(local).millisecond),
  $dayOfWeek: part(calendar.dayOfWeek),
  $dayOfYear: part(calendar.dayOfYear),
  $week: part(calendar.weekOfYear),
  $isoDayOfWeek: part(calendar.isoDayOfWeek),
  $isoWeek: part(calendar.isoWeek),
  $isoWeekYear: part(calendar.isoWeekYear, BigInt),
  $dateTrunc: overNamed(['date', 'unit'], ['binSize', 'timezone', 'startOfWeek'], (values) => {
    if (isNothing(values['date']) || isNothing(values['unit']) || isNullGiven(values)) return null;
    const binSize =
      values['binSize'] === undefined
        ? 1
        : wholeNumber(values['binSize'], new StoreError(5439017, '$dateTrunc requires a whole binSize'));
    if (binSize <= 0) throw new StoreError(5439018, "$dateTrunc requires 'binSize' to be greater than 0");
    return new Date(
      truncateDate(msOf(values['date'], 5439012), {
        unit: unitOf(values),
        binSize,
        zone: zoneOf(values),
        startOfWeek: startOfWeek(values),
      }),
    );
  }),
  $dateAdd: adding('$dateAdd', 1),
  $dateSubtract: adding('$dateSubtract', -1),
  $dateDiff: overNamed(['startDate', 'endDate', 'unit'], ['timezone', 'startOfWeek'], (values) => {
    const { startDate, endDate } = values;
    if (isNothing(startDate) || isNothing(endDate) || isNothing(values['unit']) || isNullGiven(values))
      return null;
    return BigInt(
      dateDifference(msOf(startDate, 5166307), msOf(endDate, 5166308), {
        unit: unitOf(values),
        zone: zoneOf(values),
        startOfWeek: startOfWeek(values),
      }),
    );
  }),
  $dateToString: overNamed(['date'], ['format', 'timezone', 'onNull'], (values) => {
    if (isNothing(values['date'])) return values['onNull'] === undefined ? null : values['onNull'];
    if (isNullGiven(values)) return null;
    const zone = zoneOf(values);
    const format = values['format'] ?? `%Y-%m-%dT%H:%M:%S.%L${zone === 'UTC' ? 'Z' : ''}`;
    if (typeof format !== 'string')
      throw new StoreError(18533, '$dateToString requires that format be a string');
    return formatDate(msOf(values['date']), format, zone);
  }),
  $dateFromString: (operand, compile) => {
    const parts = namedParts(
      operand,
      '$dateFromString',
      ['dateString'],
      ['format', 'timezone', 'onError', 'onNull'],
    );
    const each = Object.fromEntries([...parts].map(([key, one]): [string, Evaluate] => [key, compile(one)]));
    return (scope) => {
      const value = (key: string) => each[key]?.(scope);
      const text = value('dateString');
      if (isNothing(text)) return value('onNull') ?? null;
      const zone = zoneOf({ timezone: value('timezone') });
      const format = value('format');
      const ms =
        typeof text !== 'string'
          ? null
          : typeof format === 'string'
            ? parseDateBy(text, format, zone)
            : parseDate(text, zone);
      if (ms !== null) return new Date(ms);
      if (each['onError']) return value('onError');
      throw new StoreError(241, `an incomplete or malformed date/time string was given: ${typeName(text)}`);
    };
  },
  $dateFromParts: overNamed(
    [],
    [
      'year',
      'month',
      'day',
      'hour',
      'minute',
      'second',
      'millisecond',
      'isoWeekYear',
      'isoWeek',
      'isoDayOfWeek',
      'timezone',
    ],
    (values) => {
      if (Object.values(values).some(isNothing)) return null;
      const number = (key: string, missing: number) =>
        values[key] === undefined
          ? missing
          : wholeNumber(values[key], new StoreError(40515, `'${key}' must evaluate to an integer`));
      const time = {
        hour: number('hour', 0),
        minute: number('minute', 0),
        second: number('second', 0),
        millisecond: number('millisecond', 0),
      };
      if (values['year'] === undefined && values['isoWeekYear'] === undefined)
        throw new StoreError(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
      const local =
        values['isoWeekYear'] === undefined
          ? calendar.fromParts({
              year: number('year', 0),
              month: number('month', 1),
              day: number('day', 1),
              ...time,
            })
          : calendar.fromIsoWeek(number('isoWeekYear', 0), number('isoWeek', 1), number('isoDayOfWeek', 1)) +
            calendar.fromParts({ year: 1970, ...time });
      return new Date(fromLocal(zoneOf(values), local));
    },
  ),
  $dateToParts: overNamed(['date'], ['timezone', 'iso8601'], (values) => {
    if (isNothing(values['date'])) return null;
    const local = toLocal(zoneOf(values), msOf(values['date']));
    const { year, month, day, ...time } = calendar.partsOf(local);
    const date = values['iso8601'] === true
      ? { isoWeekYear: calendar.isoWeekYear(local), isoWeek: calendar.isoWeek(local), isoDayOfWeek: calendar.isoDayOfWeek(local) }
      : { year, month, day }; // prettier-ignore
    return new Map(Object.entries({ ...date, ...time }).map(([key, value]) => [key, new Int32(value)]));
  }),
  $tsSecond: overOne((value) => (isNothing(value) ? null : timestampPart(value, (bits) => bits >> 32n))),
  $tsIncrement: overOne((value) =>
    isNothing(value) ? null : timestampPart(value, (bits) => bits & 0xffffffffn),
  ),
};

/** The moment of a date, an ObjectId or a timestamp. */
export function msOf(value: Value | undefined, code = 16006): number {
  if (value instanceof Date) return value.getTime();
  if (value !== undefined && typeNumber(value) === 7) return (value as ObjectId).getTimestamp().getTime();
  if (value !== undefined && typeNumber(value) === 17)
    return Number(BigInt((value as Timestamp).toString()) >> 32n) * 1_000;
  throw new StoreError(code, `can't convert from BSON type ${typeName(value)} to Date`);
}

/** `{date, timezone}`, or the date itself. */
function part(
  read: (local: number) => number,
  wrap: (value: number) => Value = (value) => new Int32(value),
): Operator {
  return (operand, compile, name) => {
    const isNamed = isDoc(operand) && operand.has('date');
    const parts = isNamed ? namedParts(operand, name, ['date'], ['timezone']) : null;
    const date = compile(
      parts
        ? (parts.get('date') as Value)
        : Array.isArray(operand) && operand.length === 1
          ? (operand[0] as Value)
          : operand,
    );
    const timezone = parts?.has('timezone') ? compile(parts.get('timezone') as Value) : null;
    return (scope) => {
      const [value, zone] = [date(scope), timezone?.(scope)];
      if (isNothing(value) || (timezone && isNothing(zone))) return null;
      return wrap(read(toLocal(zoneOf({ timezone: zone }), msOf(value))));
    };
  };
}

function adding(name: string, sign: 1 | -1): Operator {
  return overNamed(['startDate', 'unit', 'amount'], ['timezone'], (values) => {
    const { startDate, amount } = values;
    if (isNothing(startDate) || isNothing(amount) || isNothing(values['unit']) || isNullGiven(values))
      return null;
    const start = msOf(startDate, 5166403);
    const count = wholeNumber(
      amount,
      new StoreError(5166405, `${name} expects integer amount of time units`),
    );
    return new Date(addToDate(start, unitOf(values), count * sign, zoneOf(values)));
  });
}

const isNullGiven = (values: Named): boolean =>
  ['timezone', 'binSize', 'startOfWeek', 'format'].some((key) => values[key] === null);

function zoneOf(values: Named): string {
  const zone = values['timezone'] ?? 'UTC';
  if (typeof zone !== 'string')
    throw new StoreError(40517, `timezone must evaluate to a string, found ${typeName(zone)}`);
  return zone;
}

function unitOf(values: Named): string {
  const unit = values['unit'];
  if (typeof unit === 'string' && isUnit(unit)) return unit;
  throw new StoreError(typeof unit === 'string' ? 9 : 5439013, 'unknown time unit value');
}

const startOfWeek = (values: Named): string => String(values['startOfWeek'] ?? 'sunday');

function timestampPart(value: Value, read: (bits: bigint) => bigint): Value {
  if (typeNumber(value) !== 17) throw new StoreError(5687301, 'the argument must be a timestamp');
  return read(BigInt((value as Timestamp).toString()));
}

/** ms of a number of units, for windows over time. */
export const shiftDate = (date: Date, unit: string, amount: Value): Date =>
  new Date(addToDate(date.getTime(), unit, isNumber(amount) ? toDouble(amount) : 0, 'UTC'));
