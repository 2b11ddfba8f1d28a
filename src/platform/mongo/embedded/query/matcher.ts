import { firstKeyOf } from '../bson/lazy-document';
import { isDoc, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { compileExpression } from '../expression/compile';
import { isTrue } from '../expression/truth';
import { plainEnvironment, type Environment } from './environment';
import { compileJsonSchema } from './json-schema';
import { compileOperator, equalsOrIn, matchesRegex } from './operators';
import { isRegex, regexOf } from './regex';

export type Matches = (doc: Doc) => boolean;

/** A command's filter is checked when it comes, and used later: it is compiled once. */
const compiled = new WeakMap<Doc, { environment: Environment; matches: Matches }>();

/** A filter as a function. @throws StoreError for what is not known, before any document is read. */
export function compileFilter(filter: Doc, environment: Environment = plainEnvironment): Matches {
  const known = compiled.get(filter);
  if (known?.environment === environment) return known.matches;
  const all = [...filter].flatMap(([key, value]) =>
    key === '$comment' ? [] : [compileEntry(key, value, environment)],
  );
  const [only] = all;
  const matches: Matches =
    only && all.length === 1 ? only : (doc) => all.every((matchesOne) => matchesOne(doc));
  compiled.set(filter, { environment, matches });
  return matches;
}

function compileEntry(key: string, value: Value, environment: Environment): Matches {
  if (!key.startsWith('$')) return compileField(key, value, environment);
  switch (key) {
    case '$and':
    case '$or':
    case '$nor':
      return compileLogical(key, value, environment);
    case '$expr': {
      const evaluate = compileExpression(value);
      return (root) => isTrue(evaluate({ root, names: environment.variables, environment }));
    }
    case '$jsonSchema':
      if (!isDoc(value)) throw new StoreError(14, '$jsonSchema must be an object');
      return compileJsonSchema(value);
    case '$alwaysTrue':
      return () => true;
    case '$alwaysFalse':
      return () => false;
    case '$where':
    case '$text':
      throw notSupported(key);
    default:
      throw new StoreError(2, `unknown top level operator: ${key}`);
  }
}

function compileLogical(key: '$and' | '$or' | '$nor', value: Value, environment: Environment): Matches {
  if (!Array.isArray(value)) throw new StoreError(2, `${key} must be an array`);
  if (value.length === 0) throw new StoreError(2, `${key} argument must be a non-empty array`);
  const parts = value.map((part) => {
    if (!isDoc(part)) throw new StoreError(2, `${key} entries need to be full objects`);
    return compileFilter(part, environment);
  });
  if (key === '$and') return (doc) => parts.every((matches) => matches(doc));
  if (key === '$or') return (doc) => parts.some((matches) => matches(doc));
  return (doc) => !parts.some((matches) => matches(doc));
}

/** `{a: 1}` or `{a: {$gt: 1}}`: a document whose first key begins with `$` holds operators. */
export function compileField(
  path: string,
  condition: Value,
  environment: Environment = plainEnvironment,
): Matches {
  if (isRegex(condition)) return matchesRegex(path, regexOf(condition), condition);
  if (!isOperators(condition)) return equalsOrIn(path, condition, environment);
  const all = [...condition].map(([operator, operand]) =>
    compileOperator({ path, operator, operand, condition, environment }),
  );
  return (doc) => all.every((matches) => matches(doc));
}

export const isOperators = (value: Value): value is Doc =>
  isDoc(value) && firstKeyOf(value)?.startsWith('$') === true;
