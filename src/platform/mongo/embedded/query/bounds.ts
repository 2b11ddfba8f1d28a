import { keyPart } from '../bson/key';
import { isDoc, isNaNValue, typeNumber, type Doc, type Value } from '../bson/value';
import { isOperators } from './matcher';

/** What a filter says of one field, as far as an index can use it. */
export interface Bounds {
  /** It is one of these. */
  equals: Value[] | null;
  /** It is an array that has all of these, and perhaps more is asked of it. */
  all: Value[] | null;
  above: Bound | null;
  below: Bound | null;
}
interface Bound {
  value: Value;
  inclusive: boolean;
}

/** As many as a batch of the message path asks for: a hundred contacts of ten accounts. */
export const mostPoints = 1_000;
export const longestBound = 400;

const unbounded: Bounds = { equals: null, all: null, above: null, below: null };

/** By the path of a field. What `$or` and the like say is left to the filter. */
export function boundsOf(filter: Doc): Map<string, Bounds> {
  const fields = new Map<string, Bounds>();
  for (const [path, condition] of filter)
    if (!path.startsWith('$')) fields.set(path, boundsAt(path, boundsOfField(condition)));
  const parts = filter.get('$and');
  if (Array.isArray(parts))
    for (const part of parts)
      if (isDoc(part))
        for (const [path, bounds] of boundsOf(part)) fields.set(path, both(fields.get(path), bounds));
  return fields;
}

/** An item by its place is not null where another item lacks a field of that name, which matches as well. */
function boundsAt(path: string, bounds: Bounds): Bounds {
  if (!/\.\d+(\.|$)/.test(path)) return bounds;
  return {
    ...bounds,
    equals: bounds.equals?.includes(null) ? null : bounds.equals,
    all: bounds.all?.includes(null) ? null : bounds.all,
  };
}

function both(one: Bounds = unbounded, other: Bounds): Bounds {
  return {
    equals: one.equals ?? other.equals,
    all: one.all ?? other.all,
    above: one.above ?? other.above,
    below: one.below ?? other.below,
  };
}

function boundsOfField(condition: Value): Bounds {
  if (!isOperators(condition)) return { ...unbounded, equals: isKeyable(condition) ? [condition] : null };
  const bounds = { ...unbounded };
  for (const [operator, operand] of condition) {
    if (operator === '$eq' && isKeyable(operand)) bounds.equals = [operand];
    if (operator === '$in' && isShortList(operand) && operand.every(isKeyable)) bounds.equals = operand;
    if (operator === '$all' && isShortList(operand) && operand.some(isKeyable))
      bounds.all = operand.filter(isKeyable);
    if ((operator === '$gt' || operator === '$gte') && isRangeable(operand))
      bounds.above = { value: operand, inclusive: operator === '$gte' };
    if ((operator === '$lt' || operator === '$lte') && isRangeable(operand))
      bounds.below = { value: operand, inclusive: operator === '$lte' };
  }
  return bounds;
}

/** An array also equals an item of an array, which the index has under its parts. */
export const isKeyable = (value: Value): boolean =>
  !Array.isArray(value) && !isOperators(value) && typeNumber(value) !== 11;
const isShortList = (operand: Value): operand is Value[] =>
  Array.isArray(operand) && operand.length <= mostPoints;

const rangeable = new Set([1, 2, 7, 9, 16, 18, 19]);
export const isRangeable = (value: Value): boolean =>
  rangeable.has(typeNumber(value)) && !isNaNValue(value) && keyPart(value).length < longestBound;
