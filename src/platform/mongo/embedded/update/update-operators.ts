import { Int32, Timestamp } from 'bson';
import { fitsInt } from '../bson/arithmetic';
import { compare, equal } from '../bson/compare';
import { isDoc, isNumber, typeNumber, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { compileField, compileFilter, isOperators } from '../query/matcher';
import { isRegex } from '../query/regex';
import { increment, multiplyBy } from './arithmetic';
import { pushInto } from './push';
import { moveAway, moveInto, renamedAway, renamedInto } from './rename';
import type { Place } from './set-path';

export interface UpdateContext {
  isInsert: boolean;
  now: Date;
  /** The document as it was. */
  source: Doc;
}
type Operator = (place: Place, operand: Value, context: UpdateContext) => void;

/** The operators of an update, by name. Each works on one place. */
export const updateOperators: Record<string, Operator> = {
  $set: (place, operand) => place.set(operand),
  $unset: (place) => place.unset(),
  $setOnInsert: (place, operand, { isInsert }) => isInsert && place.set(operand),
  $inc: (place, operand) => place.set(changed(place, operand, increment, operand, '$inc')),
  $mul: (place, operand) => place.set(changed(place, operand, multiplyBy, zeroLike(operand), '$mul')),
  $min: (place, operand) => keep(place, operand, -1),
  $max: (place, operand) => keep(place, operand, 1),
  $push: (place, operand) => place.set(pushInto(arrayAt(place, '$push') ?? [], operand)),
  $addToSet: (place, operand) => addToSet(place, operand),
  $pull: (place, operand) => pull(place, operand),
  $pullAll: (place, operand) => pullAll(place, operand),
  $pop: (place, operand) => pop(place, operand),
  $bit: (place, operand) => place.set(bits(place.get(), operand)),
  [renamedInto]: moveInto,
  [renamedAway]: moveAway,
  $currentDate: (place, operand, { now }) => place.set(currentDate(operand, now)),
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
  if (typeNumber(operand) === 19) return multiplyBy(new Int32(0), operand);
  return typeof operand === 'number' ? 0 : new Int32(0);
}

function keep(place: Place, operand: Value, direction: 1 | -1): void {
  const current = place.get();
  if (current === undefined || compare(operand, current) * direction > 0) place.set(operand);
}

function arrayAt(place: Place, operator: string): Value[] | undefined {
  const current = place.get();
  if (current !== undefined && !Array.isArray(current))
    throw new StoreError(operator === '$pop' ? 14 : 2, `The field must be an array for ${operator}`);
  return current;
}

/** What is not there is left so, unless it could not be there. */
function arrayToShorten(place: Place, operator: string): Value[] | undefined {
  const array = arrayAt(place, operator);
  if (!array) place.requireViable();
  return array;
}

function addToSet(place: Place, operand: Value): void {
  const items = isDoc(operand) && operand.has('$each') ? operand.get('$each') : [operand];
  if (!Array.isArray(items)) throw new StoreError(14, 'The argument to $each in $addToSet must be an array');
  if (isOperators(operand) && !(operand.size === 1 && operand.has('$each')))
    throw new StoreError(
      operand.has('$each') ? 2 : 52,
      'The dollar ($) prefixed field is not valid in $addToSet',
    );
  const array = [...(arrayAt(place, '$addToSet') ?? [])];
  for (const item of items) if (!array.some((known) => equal(known, item))) array.push(item);
  place.set(array);
}

function pull(place: Place, operand: Value): void {
  const array = arrayToShorten(place, '$pull');
  if (!array) return;
  const leaves = pulled(operand);
  place.set(array.filter((item) => !leaves(item)));
}

/** A value pulls what equals it; operators what they match; a document the documents that it matches as a filter. */
function pulled(operand: Value): (item: Value) => boolean {
  if (isOperators(operand) || isRegex(operand)) {
    const matches = compileField('item', operand);
    return (item) => matches(new Map([['item', item]]));
  }
  if (!isDoc(operand)) return (item) => equal(item, operand);
  const matches = compileFilter(operand);
  return (item) => isDoc(item) && matches(item);
}

function pullAll(place: Place, operand: Value): void {
  if (!Array.isArray(operand)) throw new StoreError(2, '$pullAll requires an array argument');
  const array = arrayToShorten(place, '$pullAll');
  if (array) place.set(array.filter((item) => !operand.some((gone) => equal(gone, item))));
}

function pop(place: Place, operand: Value): void {
  const end = isNumber(operand) ? Number(operand.toString()) : NaN;
  if (end !== 1 && end !== -1) throw new StoreError(9, '$pop expects 1 or -1');
  const array = arrayToShorten(place, '$pop');
  if (array) place.set(end === 1 ? array.slice(0, -1) : array.slice(1));
}

const bitOperations: Record<string, (a: bigint, b: bigint) => bigint> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};
const isWhole = (value: Value): boolean => typeof value === 'bigint' || typeNumber(value) === 16;

function bits(current: Value = new Int32(0), operand: Value): Value {
  if (!isDoc(operand) || operand.size === 0)
    throw new StoreError(2, 'The $bit modifier takes an embedded document');
  return [...operand].reduce<Value>((value, [name, mask]) => {
    const apply = Object.hasOwn(bitOperations, name) ? bitOperations[name] : undefined;
    if (!apply)
      throw new StoreError(2, `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}'`);
    if (!isWhole(mask) || !isWhole(value))
      throw new StoreError(2, 'Cannot apply $bit to a value of non-integral type');
    const result = apply(BigInt(String(value)), BigInt(String(mask)));
    const isLong = typeof value === 'bigint' || typeof mask === 'bigint' || !fitsInt(result);
    return isLong ? result : new Int32(Number(result));
  }, current);
}

function currentDate(operand: Value, now: Date): Value {
  const type = isDoc(operand) ? operand.get('$type') : operand;
  if (typeof operand === 'boolean' || (isDoc(operand) && type === 'date')) return now;
  if (isDoc(operand) && type === 'timestamp')
    return new Timestamp((BigInt(Math.floor(now.getTime() / 1_000)) << 32n) | 1n);
  throw new StoreError(2, '$currentDate takes true or {$type: "date" | "timestamp"}');
}
