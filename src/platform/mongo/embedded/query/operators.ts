import { compare, equal, typeRank } from '../bson/compare';
import {
  isDoc,
  isNaNValue,
  isNumber,
  toDouble,
  typeAliases,
  typeNumber,
  type Doc,
  type Value,
} from '../bson/value';
import { notSupported, StoreError } from '../error';
import { isTrue } from '../expression/truth';
import { compileBits, isBitOperator } from './bits';
import type { Environment } from './environment';
import { compileField, compileFilter, isOperators, type Matches } from './matcher';
import { someCandidateAt, someValueAt } from './path';
import { compileRegex, isRegex, regexOf } from './regex';

/** One operator of a field's condition, and the whole of it. */
export interface FieldOperator {
  path: string;
  operator: string;
  operand: Value;
  condition: Doc;
  environment: Environment;
}

/** Does a field equal this, or hold it in an array? `null` also means what is not there. */
export function equalsOrIn(path: string, wanted: Value, { collate }: Environment): Matches {
  const isNull = wanted === null;
  return someCandidateAt(path, (value) => (value === undefined ? isNull : equal(value, wanted, collate)));
}

/** @throws StoreError for an operator that is unknown or not supported. */
export function compileOperator(one: FieldOperator): Matches {
  const { path, operator, operand, environment } = one;
  switch (operator) {
    case '$eq':
      return equalsOrIn(path, operand, environment);
    case '$ne':
      if (isRegex(operand)) throw new StoreError(2, "Can't have regex as arg to $ne.");
      return not(equalsOrIn(path, operand, environment));
    case '$gt':
      return ordered(one, (order) => order > 0);
    case '$gte':
      return ordered(one, (order) => order >= 0);
    case '$lt':
      return ordered(one, (order) => order < 0);
    case '$lte':
      return ordered(one, (order) => order <= 0);
    case '$in':
      return isOneOf(path, listOf(operator, operand), environment);
    case '$nin':
      return not(isOneOf(path, listOf(operator, operand), environment));
    case '$exists':
      return exists(path, operand);
    case '$type':
      return hasType(path, operand);
    case '$size':
      return hasSize(path, operand);
    case '$all':
      return hasAll(path, operand, environment);
    case '$elemMatch':
      return elemMatch(path, operand, environment);
    case '$not':
      return negated(path, operand, environment);
    case '$mod':
      return hasRemainder(path, operand);
    case '$regex':
    case '$options':
      return regexOperator(one);
    case '$comment':
      return () => true;
    default:
      if (isBitOperator(operator)) return compileBits(path, operator, operand);
      if (['$geoWithin', '$geoIntersects', '$near', '$nearSphere'].includes(operator))
        throw notSupported(operator);
      throw new StoreError(2, `unknown operator: ${operator}`);
  }
}

const not =
  (matches: Matches): Matches =>
  (doc) =>
    !matches(doc);

/** Only values of the same kind are greater or smaller; `null` compares as what is not there, too. */
function ordered({ path, operand, environment }: FieldOperator, fits: (order: number) => boolean): Matches {
  if (isRegex(operand)) throw new StoreError(2, `Can't have RegEx as arg to predicate over field '${path}'.`);
  const isLimit = [-1, 127].includes(typeNumber(operand));
  const isNaNOperand = isNaNValue(operand);
  return someCandidateAt(path, (value) => {
    const known = value === undefined ? (operand === null ? null : undefined) : value;
    if (known === undefined || (!isLimit && typeRank(known) !== typeRank(operand))) return false;
    if (isNaNOperand || isNaNValue(known)) return isNaNOperand && isNaNValue(known) && fits(0);
    return fits(compare(known, operand, environment.collate));
  });
}

function listOf(operator: string, operand: Value): Value[] {
  if (!Array.isArray(operand)) throw new StoreError(2, `${operator} needs an array`);
  if (operand.some(isOperators)) throw new StoreError(2, `cannot nest $ under ${operator}`);
  return operand;
}

function isOneOf(path: string, list: Value[], environment: Environment): Matches {
  const each = list.map((wanted) =>
    isRegex(wanted) ? matchesRegex(path, regexOf(wanted), wanted) : equalsOrIn(path, wanted, environment),
  );
  return (doc) => each.some((matches) => matches(doc));
}

function exists(path: string, operand: Value): Matches {
  const wanted = isTrue(operand);
  const isThere = someValueAt(path, (value) => value !== undefined);
  return (doc) => isThere(doc) === wanted;
}

function hasType(path: string, operand: Value): Matches {
  const wanted = new Set((Array.isArray(operand) ? operand : [operand]).flatMap(typesOf));
  if (wanted.size === 0) throw new StoreError(9, '$type must match at least one type');
  return someCandidateAt(path, (value) => value !== undefined && wanted.has(typeNumber(value)));
}

export function typesOf(named: Value): number[] {
  if (typeof named === 'string') {
    const types = typeAliases[named];
    if (!types) throw new StoreError(2, `Unknown type name alias: ${named}`);
    return types;
  }
  const number = isNumber(named) ? toDouble(named) : NaN;
  if (!Object.values(typeAliases).some((types) => types.length === 1 && types[0] === number))
    throw new StoreError(isNumber(named) ? 2 : 14, 'Invalid type code');
  return [number];
}

function hasSize(path: string, operand: Value): Matches {
  const size = isNumber(operand) ? toDouble(operand) : NaN;
  if (!Number.isInteger(size) || size < 0)
    throw new StoreError(2, `Failed to parse $size. Expected a non-negative integer in: ${path}`);
  return someValueAt(path, (value) => Array.isArray(value) && value.length === size);
}

function hasAll(path: string, operand: Value, environment: Environment): Matches {
  if (!Array.isArray(operand)) throw new StoreError(2, '$all needs an array');
  const each = operand.map((item) => {
    if (!isOperators(item)) return compileField(path, item, environment);
    if (![...item.keys()].every((key) => key === '$elemMatch'))
      throw new StoreError(2, 'no $ expressions in $all');
    return elemMatch(path, item.get('$elemMatch') as Value, environment);
  });
  return (doc) => each.length > 0 && each.every((matches) => matches(doc));
}

function hasRemainder(path: string, operand: Value): Matches {
  if (!Array.isArray(operand)) throw new StoreError(2, 'malformed mod, needs to be an array');
  if (operand.length !== 2)
    throw new StoreError(2, `malformed mod, ${operand.length < 2 ? 'not enough' : 'too many'} elements`);
  const [divisor, rest] = operand.map((part) => (isNumber(part) ? Math.trunc(toDouble(part)) : NaN)) as [
    number,
    number,
  ];
  if (Number.isNaN(divisor) || !Number.isFinite(divisor))
    throw new StoreError(2, 'malformed mod, divisor not a number');
  if (divisor === 0) throw new StoreError(2, 'divisor cannot be 0');
  return someCandidateAt(
    path,
    (value) =>
      isNumber(value) &&
      Number.isFinite(toDouble(value)) &&
      Math.trunc(toDouble(value)) % divisor === (rest || 0),
  );
}

function regexOperator({ path, operator, operand, condition }: FieldOperator): Matches {
  if (operator === '$options') {
    if (!condition.has('$regex')) throw new StoreError(2, '$options needs a $regex');
    return () => true;
  }
  const options = condition.get('$options') ?? '';
  if (typeof options !== 'string') throw new StoreError(2, '$options has to be a string');
  if (isRegex(operand))
    return matchesRegex(path, compileRegex(operand.pattern, options || operand.options), operand);
  if (typeof operand !== 'string') throw new StoreError(2, '$regex has to be a string');
  return matchesRegex(path, compileRegex(operand, options), null);
}

/** A text matches it, or it is the same regular expression, stored. */
export function matchesRegex(path: string, regex: RegExp, same: Value): Matches {
  return someCandidateAt(path, (value) => {
    if (typeof value === 'string') return regex.test(value);
    if (value !== undefined && typeNumber(value) === 14) return regex.test(String(value));
    return same !== null && isRegex(value) && equal(value, same);
  });
}

/** One item fits all; with operators the item itself is meant, else its fields. */
function elemMatch(path: string, operand: Value, environment: Environment): Matches {
  if (!isDoc(operand)) throw new StoreError(2, '$elemMatch needs an Object');
  const isOnItem =
    isOperators(operand) && !['$and', '$or', '$nor', '$expr'].includes([...operand.keys()][0] ?? '');
  const fits = isOnItem ? onItem(operand, environment) : onFields(operand, environment);
  return someValueAt(path, (value) => Array.isArray(value) && value.some(fits));
}

function onItem(operand: Doc, environment: Environment): (item: Value) => boolean {
  const matches = compileField('item', operand, environment);
  const looksInside = ['$elemMatch', '$size', '$all'].some((operator) => operand.has(operator));
  // A nested array is an item as it stands, but for operators about arrays.
  return (item) => matches(new Map([['item', Array.isArray(item) && !looksInside ? [item] : item]]));
}

function onFields(operand: Doc, environment: Environment): (item: Value) => boolean {
  const matches = compileFilter(operand, environment);
  return (item) => {
    if (Array.isArray(item)) return matches(new Map(item.map((value, index) => [String(index), value])));
    return isDoc(item) && matches(item);
  };
}

function negated(path: string, operand: Value, environment: Environment): Matches {
  if (isRegex(operand)) return not(compileField(path, operand, environment));
  if (!isDoc(operand)) throw new StoreError(2, '$not needs a regex or a document');
  if (operand.size === 0) throw new StoreError(2, '$not cannot be empty');
  if (!isOperators(operand)) throw new StoreError(2, 'unknown operator under $not');
  return not(compileField(path, operand, environment));
}
