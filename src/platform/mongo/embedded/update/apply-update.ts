import { ObjectId } from 'bson';
import { equal } from '../bson/compare';
import { isDoc, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { isOperators } from '../query/matcher';
import { placeAt } from './set-path';
import { updateOperators, type UpdateContext } from './update-operators';

/** Makes the new version of a document. Compiled once for all the documents of one update. */
export type ApplyUpdate = (doc: Doc, context: UpdateContext) => Doc;

const known = new Set([...Object.keys(updateOperators), '$rename', '$currentDate', '$bit']);

/** @throws StoreError for what is unknown, not supported, or in conflict with itself. */
export function compileUpdate(update: Value): ApplyUpdate {
  if (Array.isArray(update)) throw notSupported('a pipeline update');
  if (!isDoc(update)) throw new StoreError(9, 'The update must be a document');
  if (update.size > 0 && [...update.keys()].some((key) => key.startsWith('$')))
    return compileOperators(update);
  return (doc) => replaced(doc, update);
}

export const isReplacement = (update: Value): boolean =>
  isDoc(update) && ![...update.keys()].some((key) => key.startsWith('$'));

function compileOperators(update: Doc): ApplyUpdate {
  const steps: { path: string; operand: Value; operator: string }[] = [];
  for (const [operator, fields] of update) {
    if (!operator.startsWith('$') || !known.has(operator))
      throw new StoreError(9, `Unknown modifier: ${operator}`);
    if (!updateOperators[operator]) throw notSupported(operator);
    if (!isDoc(fields))
      throw new StoreError(9, `Modifiers operate on fields but we found another type for ${operator}`);
    for (const [path, operand] of fields) steps.push({ path: checkedPath(path), operand, operator });
  }
  refuseConflicts(steps.map(({ path }) => path));
  // MongoDB adds new fields in the order of their names.
  steps.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return (doc, context) => {
    const next = clone(doc) as Doc;
    for (const { path, operand, operator } of steps)
      updateOperators[operator]?.(placeAt(next, path), clone(operand), context);
    return sameId(doc, next);
  };
}

function checkedPath(path: string): string {
  const keys = path.split('.');
  if (path === '' || keys.includes(''))
    throw new StoreError(56, `The update path '${path}' contains an empty field name`);
  if (keys.some((key) => key === '$' || key.startsWith('$['))) throw notSupported('a positional update');
  if (keys.some((key) => key.startsWith('$')))
    throw new StoreError(52, `The dollar ($) prefixed field '${path}' is not valid`);
  return path;
}

function refuseConflicts(paths: string[]): void {
  const sorted = [...paths].sort();
  for (const path of sorted) {
    const isTwice = sorted.filter((other) => other === path).length > 1;
    if (isTwice || sorted.some((other) => other.startsWith(`${path}.`)))
      throw new StoreError(40, `Updating the path '${path}' would create a conflict at '${path}'`);
  }
}

function replaced(doc: Doc, update: Doc): Doc {
  const id = update.get('_id');
  const current = doc.get('_id');
  if (id !== undefined && current !== undefined && !equal(id, current)) throw immutableId();
  const next: Doc = new Map();
  const kept = current ?? id;
  if (kept !== undefined) next.set('_id', kept);
  for (const [key, value] of update) if (key !== '_id') next.set(key, value);
  return next;
}

function sameId(before: Doc, after: Doc): Doc {
  const id = before.get('_id');
  const next = after.get('_id');
  if (id !== undefined && (next === undefined || !equal(id, next))) throw immutableId();
  return after;
}

const immutableId = () =>
  new StoreError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");

/** The document that an upsert begins with: what the filter says must be equal. */
export function upsertBase(filter: Doc): Doc {
  const base: Doc = new Map();
  for (const [path, value] of equalities(filter)) {
    if (base.has(path))
      throw new StoreError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    placeAt(base, path).set(value);
  }
  return base;
}

function* equalities(filter: Doc): Generator<[string, Value]> {
  for (const [key, value] of filter) {
    if (key === '$and' && Array.isArray(value))
      for (const part of value) if (isDoc(part)) yield* equalities(part);
    if ((key === '$or' || key === '$in') && Array.isArray(value) && value.length === 1 && isDoc(value[0]))
      yield* equalities(value[0]);
    if (key.startsWith('$')) continue;
    if (!isOperators(value)) yield [key, value];
    else if (value.has('$eq')) yield [key, value.get('$eq') as Value];
    else if (value.has('$all') || (value.get('$in') as Value[] | undefined)?.length === 1)
      throw notSupported('an upsert by $all or $in');
  }
}

/** A new document gets an id where it has none, in the first place. */
export function withId(doc: Doc): Doc {
  const id = doc.get('_id') ?? new ObjectId();
  if (Array.isArray(id) || (id as { _bsontype?: string })?._bsontype === 'BSONRegExp')
    throw new StoreError(53, "The '_id' value cannot be of type array or regex");
  if ([...doc.keys()][0] === '_id') return doc;
  const rest = [...doc].filter(([key]) => key !== '_id');
  return new Map<string, Value>([['_id', id], ...rest]);
}

export function clone(value: Value): Value {
  if (Array.isArray(value)) return value.map(clone);
  return isDoc(value) ? new Map([...value].map(([key, item]) => [key, clone(item)])) : value;
}
