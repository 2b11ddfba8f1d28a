import { compare, equal, typeRank } from '../bson/compare';
import { isDoc, isNumber, toDouble, typeAliases, typeNumber, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { compileField, compileFilter, isOperators, type Matches } from './matcher';
import { candidatesAt, valuesAt } from './path';

/** Does a field equal this, or hold it in an array? `null` is also what is not there. */
export function equalsOrIn(path: string, wanted: Value): Matches {
  refuseDecimal(wanted);
  const isNull = wanted === null;
  return (doc) =>
    candidatesAt(doc, path).some((value) => (value === undefined ? isNull : equal(value, wanted)));
}

/** One operator of a field's condition. @throws StoreError for an operator that is unknown or not supported. */
export function compileOperator(path: string, operator: string, operand: Value, condition: Doc): Matches {
  switch (operator) {
    case '$eq':
      return equalsOrIn(path, refuseRegex(operand));
    case '$ne':
      return not(equalsOrIn(path, refuseRegex(operand)));
    case '$gt':
      return ordered(path, operand, (order) => order > 0);
    case '$gte':
      return ordered(path, operand, (order) => order >= 0);
    case '$lt':
      return ordered(path, operand, (order) => order < 0);
    case '$lte':
      return ordered(path, operand, (order) => order <= 0);
    case '$in':
      return isOneOf(path, listOf(operator, operand));
    case '$nin':
      return not(isOneOf(path, listOf(operator, operand)));
    case '$exists':
      return exists(path, operand);
    case '$type':
      return hasType(path, operand);
    case '$size':
      return hasSize(path, operand);
    case '$all':
      return hasAll(path, operand);
    case '$elemMatch':
      return elemMatch(path, operand);
    case '$not':
      return negated(path, operand);
    case '$regex':
    case '$options':
    case '$mod':
    case '$bitsAllSet':
    case '$bitsAllClear':
    case '$bitsAnySet':
    case '$bitsAnyClear':
    case '$geoWithin':
    case '$near':
    case '$comment':
      throw notSupported(operator);
    default:
      void condition;
      throw new StoreError(2, `unknown operator: ${operator}`);
  }
}

/** Decimals and doubles are compared by value; until that is exact, it is refused. */
function refuseDecimal(value: Value): void {
  if (typeNumber(value) === 19) throw notSupported('a comparison with a decimal');
}

const not =
  (matches: Matches): Matches =>
  (doc) =>
    !matches(doc);

/** Only values of the same kind are greater or smaller; `null` compares as what is not there, too. */
function ordered(path: string, operand: Value, fits: (order: number) => boolean): Matches {
  refuseDecimal(operand);
  if (typeNumber(operand) === 11)
    throw new StoreError(2, `Can't have RegEx as arg to predicate over field '${path}'.`);
  if (Array.isArray(operand) || typeNumber(operand) === -1 || typeNumber(operand) === 127)
    throw notSupported('a range over arrays or key limits');
  const isNaNOperand = isNumber(operand) && Number.isNaN(toDouble(operand));
  return (doc) =>
    candidatesAt(doc, path).some((value) => {
      const known = value === undefined ? (operand === null ? null : undefined) : value;
      if (known === undefined || typeRank(known) !== typeRank(operand)) return false;
      const hasNaN = isNaNOperand || (isNumber(known) && Number.isNaN(toDouble(known)));
      return hasNaN
        ? isNaNOperand && isNumber(known) && Number.isNaN(toDouble(known)) && fits(0)
        : fits(compare(known, operand));
    });
}

function listOf(operator: string, operand: Value): Value[] {
  if (!Array.isArray(operand)) throw new StoreError(2, `${operator} needs an array`);
  if (operand.some((item) => typeNumber(item) === 11))
    throw notSupported(`a regular expression in ${operator}`);
  if (operand.some(isOperators)) throw new StoreError(2, `cannot nest $ under ${operator}`);
  return operand;
}

function isOneOf(path: string, list: Value[]): Matches {
  const each = list.map((wanted) => equalsOrIn(path, wanted));
  return (doc) => each.some((matches) => matches(doc));
}

const isTrue = (value: Value): boolean =>
  isNumber(value) ? toDouble(value) !== 0 : value !== false && value !== null && typeNumber(value) !== 6;

function exists(path: string, operand: Value): Matches {
  const wanted = isTrue(operand);
  return (doc) => valuesAt(doc, path).some((value) => value !== undefined) === wanted;
}

function hasType(path: string, operand: Value): Matches {
  const wanted = new Set((Array.isArray(operand) ? operand : [operand]).flatMap(typesOf));
  if (wanted.size === 0) throw new StoreError(9, '$type must match at least one type');
  return (doc) =>
    candidatesAt(doc, path).some((value) => value !== undefined && wanted.has(typeNumber(value)));
}

function typesOf(named: Value): number[] {
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
  return (doc) => valuesAt(doc, path).some((value) => Array.isArray(value) && value.length === size);
}

function hasAll(path: string, operand: Value): Matches {
  if (!Array.isArray(operand)) throw new StoreError(2, '$all needs an array');
  if (operand.some((item) => typeNumber(item) === 11)) throw notSupported('a regular expression in $all');
  const each = operand.map((item) => {
    if (!isOperators(item)) return equalsOrIn(path, item);
    if (![...item.keys()].every((key) => key === '$elemMatch'))
      throw new StoreError(2, 'no $ expressions in $all');
    return elemMatch(path, item.get('$elemMatch') as Value);
  });
  return (doc) => each.length > 0 && each.every((matches) => matches(doc));
}

/** One item fits all; with operators the item itself is meant, else its fields. */
function elemMatch(path: string, operand: Value): Matches {
  if (!isDoc(operand)) throw new StoreError(2, '$elemMatch needs an Object');
  const fits =
    isOperators(operand) && !['$and', '$or', '$nor'].includes([...operand.keys()][0] ?? '')
      ? onItem(operand)
      : onFields(operand);
  return (doc) => valuesAt(doc, path).some((value) => Array.isArray(value) && value.some(fits));
}

function onItem(operand: Doc): (item: Value) => boolean {
  const matches = compileField('item', operand);
  const looksInside = ['$elemMatch', '$size', '$all'].some((operator) => operand.has(operator));
  // A nested array is an item as it stands, but for operators about arrays.
  return (item) => matches(new Map([['item', Array.isArray(item) && !looksInside ? [item] : item]]));
}

function onFields(operand: Doc): (item: Value) => boolean {
  const matches = compileFilter(operand);
  return (item) => {
    if (Array.isArray(item)) return matches(new Map(item.map((value, index) => [String(index), value])));
    return isDoc(item) && matches(item);
  };
}

function negated(path: string, operand: Value): Matches {
  if (typeNumber(operand) === 11) throw notSupported('a regular expression in $not');
  if (!isDoc(operand)) throw new StoreError(2, '$not needs a regex or a document');
  if (operand.size === 0) throw new StoreError(2, '$not cannot be empty');
  if (!isOperators(operand)) throw new StoreError(2, 'unknown operator under $not');
  return not(compileField(path, operand));
}

function refuseRegex(value: Value): Value {
  refuseDecimal(value);
  if (typeNumber(value) === 11) throw notSupported('a regular expression');
  return value;
}
