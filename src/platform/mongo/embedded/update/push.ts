import { compare } from '../bson/compare';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { isOperators } from '../query/matcher';
import { keyComparator, parseSort } from '../query/sort';

interface Push {
  items: Value[];
  position: number;
  slice: number | null;
  sort: ((a: Value, b: Value) => number) | null;
}

/** Puts items into an array: at a place, then sorted, then cut. */
export function pushInto(array: Value[], operand: Value): Value[] {
  const { items, position, slice, sort } = parsePush(operand);
  const at = position < 0 ? Math.max(0, array.length + position) : Math.min(position, array.length);
  const whole = [...array.slice(0, at), ...items, ...array.slice(at)];
  if (sort) whole.sort(sort);
  if (slice === null) return whole;
  if (slice === 0) return [];
  return slice < 0 ? whole.slice(slice) : whole.slice(0, slice);
}

function parsePush(operand: Value): Push {
  const plain = { position: Infinity, slice: null, sort: null };
  if (!isDoc(operand) || !operand.has('$each')) {
    if (isOperators(operand)) throw new StoreError(52, 'The dollar ($) prefixed field is not valid in $push');
    return { ...plain, items: [operand] };
  }
  const each = operand.get('$each');
  if (!Array.isArray(each)) throw new StoreError(2, 'The argument to $each in $push must be an array');
  const unknown = [...operand.keys()].find((key) => !['$each', '$slice', '$sort', '$position'].includes(key));
  if (unknown) throw new StoreError(2, `Unrecognized clause in $push: ${unknown}`);
  return {
    items: each,
    position: wholeOf(operand, '$position') ?? Infinity,
    slice: wholeOf(operand, '$slice'),
    sort: operand.has('$sort') ? itemOrder(operand.get('$sort') as Value) : null,
  };
}

function wholeOf(operand: Doc, clause: string): number | null {
  const value = operand.get(clause);
  if (value === undefined) return null;
  const number = isNumber(value) ? toDouble(value) : NaN;
  if (!Number.isInteger(number)) throw new StoreError(2, `The value for ${clause} must be an integer value`);
  return number;
}

/** By a direction for whole items, or by fields of the items. */
function itemOrder(sort: Value): (a: Value, b: Value) => number {
  if (isNumber(sort)) {
    const direction = toDouble(sort);
    if (direction !== 1 && direction !== -1)
      throw new StoreError(2, 'The $sort element value must be either 1 or -1');
    return (a, b) => compare(a, b) * direction;
  }
  if (!isDoc(sort) || sort.size === 0)
    throw new StoreError(2, 'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1}');
  const wrong = [...sort.values()].find((value) => !isNumber(value) || Math.abs(toDouble(value)) !== 1);
  if (wrong !== undefined) throw new StoreError(2, 'The $sort element value must be either 1 or -1');
  // An array in an item is compared whole, unlike where documents are sorted.
  const fields = parseSort(sort);
  const keyOf = (item: Value) => fields.map(({ path }) => fieldOf(item, path.split('.')));
  const order = keyComparator(fields, null);
  return (a, b) => order(keyOf(a), keyOf(b));
}

function fieldOf(item: Value, keys: string[]): Value {
  let value: Value | undefined = item;
  for (const key of keys) {
    if (isDoc(value)) value = value.get(key);
    else value = Array.isArray(value) && value !== item && /^\d+$/.test(key) ? value[Number(key)] : undefined;
  }
  return value ?? null;
}
