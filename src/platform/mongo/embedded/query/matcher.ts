import { isDoc, typeNumber, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { compileOperator, equalsOrIn } from './operators';

export type Matches = (doc: Doc) => boolean;

const ignoredAtTop = new Set(['$comment']);

/** A filter as a function. @throws StoreError for what is not known, before any document is read. */
export function compileFilter(filter: Doc): Matches {
  const all = [...filter].flatMap(([key, value]) =>
    ignoredAtTop.has(key) ? [] : [compileEntry(key, value)],
  );
  return (doc) => all.every((matches) => matches(doc));
}

function compileEntry(key: string, value: Value): Matches {
  if (!key.startsWith('$')) return compileField(key, value);
  if (key === '$and' || key === '$or' || key === '$nor') return compileLogical(key, value);
  if (['$expr', '$where', '$text', '$jsonSchema'].includes(key)) throw notSupported(key);
  throw new StoreError(2, `unknown top level operator: ${key}`);
}

function compileLogical(key: '$and' | '$or' | '$nor', value: Value): Matches {
  if (!Array.isArray(value)) throw new StoreError(2, `${key} must be an array`);
  if (value.length === 0) throw new StoreError(2, `${key} argument must be a non-empty array`);
  const parts = value.map((part) => {
    if (!isDoc(part)) throw new StoreError(2, `${key} entries need to be full objects`);
    return compileFilter(part);
  });
  if (key === '$and') return (doc) => parts.every((matches) => matches(doc));
  if (key === '$or') return (doc) => parts.some((matches) => matches(doc));
  return (doc) => !parts.some((matches) => matches(doc));
}

/** `{a: 1}` or `{a: {$gt: 1}}`: a document whose first key begins with `$` holds operators. */
export function compileField(path: string, condition: Value): Matches {
  if (!isOperators(condition))
    return typeNumber(condition) === 11 ? regexAsValue() : equalsOrIn(path, condition);
  const all = [...condition].map(([operator, operand]) =>
    compileOperator(path, operator, operand, condition),
  );
  return (doc) => all.every((matches) => matches(doc));
}

function regexAsValue(): never {
  throw notSupported('a regular expression');
}

export const isOperators = (value: Value): value is Doc =>
  isDoc(value) && value.size > 0 && ([...value.keys()][0] as string).startsWith('$');
