import { Int32 } from 'bson';
import { compare, equal } from '../bson/compare';
import { isDoc, isNumber, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { compileFilter, compileField, isOperators } from '../query/matcher';
import { add, multiply } from './arithmetic';
import type { Place } from './set-path';

export interface UpdateContext {
  isInsert: boolean;
  now: Date;
}
type Operator = (place: Place, operand: Value, context: UpdateContext) => void;

/** The operators of an update, by name. Each works on one place. */
export const updateOperators: Record<string, Operator> = {
  $set: (place, operand) => place.set(operand),
  $unset: (place) => place.unset(),
  $setOnInsert: (place, operand, { isInsert }) => isInsert && place.set(operand),
  $inc: (place, operand) => place.set(changed(place, operand, add, operand, '$inc')),
  $mul: (place, operand) => place.set(changed(place, operand, multiply, zeroLike(operand), '$mul')),
  $min: (place, operand) => keep(place, operand, -1),
  $max: (place, operand) => keep(place, operand, 1),
  $push: (place, operand) => push(place, operand),
  $addToSet: (place, operand) => addToSet(place, operand),
  $pull: (place, operand) => pull(place, operand),
  $pullAll: (place, operand) => pullAll(place, operand),
  $pop: (place, operand) => pop(place, operand),
};

function changed(
  place: Place,
  operand: Value,
  apply: (a: Value, b: Value) => Value,
  ifMissing: Value,
  name: string,
): Value {
  if (!isNumber(operand))
    throw new StoreError(
      14,
      `Cannot ${name === '$inc' ? 'increment' : 'multiply'} with non-numeric argument`,
    );
  const current = place.get();
  return current === undefined ? ifMissing : apply(current, operand);
}

function zeroLike(operand: Value): Value {
  if (typeof operand === 'bigint') return 0n;
  return typeof operand === 'number' ? 0 : new Int32(0);
}

function keep(place: Place, operand: Value, direction: 1 | -1): void {
  const current = place.get();
  if (current === undefined || compare(operand, current) * direction > 0) place.set(operand);
}

function arrayAt(place: Place, operator: string): Value[] | undefined {
  const current = place.get();
  if (current !== undefined && !Array.isArray(current))
    throw new StoreError(
      operator === '$pull' ? 2 : operator === '$pop' ? 14 : 2,
      `The field must be an array for ${operator}`,
    );
  return current;
}

function push(place: Place, operand: Value): void {
  const items = itemsOf(operand, '$push');
  const array = arrayAt(place, '$push');
  place.set([...(array ?? []), ...items]);
}

/** `{$each: […]}` or one item. */
function itemsOf(operand: Value, operator: string): Value[] {
  if (!isDoc(operand) || !operand.has('$each')) {
    if (isOperators(operand))
      throw new StoreError(52, `The dollar ($) prefixed field is not valid in ${operator}`);
    return [operand];
  }
  const each = operand.get('$each');
  if (!Array.isArray(each))
    throw new StoreError(
      operator === '$push' ? 2 : 14,
      `The argument to $each in ${operator} must be an array`,
    );
  const modifiers = [...operand.keys()].filter((key) => key !== '$each');
  if (modifiers.length > 0) throw notSupported(`${modifiers[0]} in ${operator}`);
  return each;
}

function addToSet(place: Place, operand: Value): void {
  const items = itemsOf(operand, '$addToSet');
  const array = [...(arrayAt(place, '$addToSet') ?? [])];
  for (const item of items) if (!array.some((known) => equal(known, item))) array.push(item);
  place.set(array);
}

function pull(place: Place, operand: Value): void {
  const array = arrayAt(place, '$pull');
  if (!array) return;
  const leaves = pulled(operand);
  place.set(array.filter((item) => !leaves(item)));
}

/** A value pulls what equals it; operators what they match; a document the documents that it matches as a filter. */
function pulled(operand: Value): (item: Value) => boolean {
  if (isOperators(operand)) {
    const matches = compileField('item', operand);
    return (item) => matches(new Map([['item', item]]));
  }
  if (!isDoc(operand)) return (item) => equal(item, operand);
  const matches = compileFilter(operand);
  return (item) => isDoc(item) && matches(item);
}

function pullAll(place: Place, operand: Value): void {
  if (!Array.isArray(operand)) throw new StoreError(2, '$pullAll requires an array argument');
  const array = arrayAt(place, '$pullAll');
  if (array) place.set(array.filter((item) => !operand.some((gone) => equal(gone, item))));
}

function pop(place: Place, operand: Value): void {
  const end = isNumber(operand) ? Number(operand.toString()) : NaN;
  if (end !== 1 && end !== -1) throw new StoreError(9, '$pop expects 1 or -1');
  const array = arrayAt(place, '$pop');
  if (array) place.set(end === 1 ? array.slice(0, -1) : array.slice(1));
}
