import { Int32 } from 'bson';
import { encode } from '../bson/encode';
import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { array } from './arrays';
import { isNothing, namedParts, overList, overPresent, typeName } from './operands';
import type { Operator, Operators } from './scope';

export const objectOperators: Operators = {
  $mergeObjects: overList(0, Infinity, (values) => mergeObjects(values)),
  $objectToArray: overPresent(1, 1, ([value]) => {
    if (!isDoc(value))
      throw new StoreError(40390, `$objectToArray requires a document input, found: ${typeName(value)}`);
    return [...value].map(
      ([key, item]) =>
        new Map<string, Value>([
          ['k', key],
          ['v', item],
        ]),
    );
  }),
  $arrayToObject: overPresent(1, 1, ([value]) => new Map(array(value, '$arrayToObject', 40386).map(pairOf))),
  $bsonSize: overPresent(1, 1, ([value]) => {
    if (!isDoc(value)) throw new StoreError(31393, '$bsonSize requires a document input');
    return new Int32(encode(value).length);
  }),
  $getField: (operand, compile) => {
    const isNamed = isDoc(operand) && (operand.has('field') || operand.has('input'));
    const parts = isNamed
      ? namedParts(operand, '$getField', ['field'], ['input'])
      : new Map([['field', operand]]);
    const field = compile(parts.get('field') as Value);
    const input = compile(parts.get('input') ?? '$$CURRENT');
    return (scope) => {
      const [name, from] = [field(scope), input(scope)];
      if (typeof name !== 'string')
        throw new StoreError(5654602, '$getField requires a constant string field name');
      if (isNothing(from)) return from === undefined ? undefined : null;
      return isDoc(from) ? from.get(name) : undefined;
    };
  },
  $setField: settingField('$setField', ['field', 'input', 'value']),
  $unsetField: settingField('$unsetField', ['field', 'input']),
};

export function mergeObjects(values: (Value | undefined)[]): Doc {
  const merged: Doc = new Map();
  for (const value of values) {
    if (isNothing(value)) continue;
    if (!isDoc(value))
      throw new StoreError(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`,
      );
    for (const [key, item] of value) merged.set(key, item);
  }
  return merged;
}

function pairOf(entry: Value): [string, Value] {
  const [key, value] = isDoc(entry) ? [entry.get('k'), entry.get('v')] : Array.isArray(entry) ? entry : [];
  if (typeof key !== 'string' || value === undefined)
    throw new StoreError(40392, '$arrayToObject requires pairs of a name and a value');
  return [key, value];
}

function settingField(name: string, required: string[]): Operator {
  return (operand, compile) => {
    const parts = namedParts(operand, name, required, []);
    const [field, input, value] = ['field', 'input', 'value'].map((part) =>
      compile(parts.get(part) ?? '$$REMOVE'),
    );
    return (scope) => {
      const [key, from] = [field?.(scope), input?.(scope)];
      if (typeof key !== 'string')
        throw new StoreError(4161107, `${name} requires a constant string field name`);
      if (isNothing(from)) return null;
      if (!isDoc(from)) throw new StoreError(4161105, `${name} requires 'input' to evaluate to an object`);
      const next = new Map(from);
      const made = value?.(scope);
      if (made === undefined) next.delete(key);
      else next.set(key, made);
      return next;
    };
  };
}
