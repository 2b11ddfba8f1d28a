import { ObjectId } from 'bson';
import { equal } from '../bson/compare';
import { firstKeyOf } from '../bson/lazy-document';
import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import type { Environment } from '../query/environment';
import { isOperators } from '../query/matcher';
import { findPosition } from '../query/position';
import { isRegex } from '../query/regex';
import { compileArrayFilters } from './array-filters';
import { compilePipelineUpdate } from './pipeline-update';
import { renamedAway, renamedInto } from './rename';
import { copyOf, placeAt } from './set-path';
import { updateOperators, type UpdateContext } from './update-operators';
import { expandPath, filterNames } from './update-path';

/** Makes the new version of a document. Compiled once for all the documents of one update. */
export type ApplyUpdate = (doc: Doc, context: Omit<UpdateContext, 'source'>) => Doc;

/** The statement's filter tells which item `$` is; `arrayFilters` what `$[name]` are. */
export interface UpdateOptions {
  filter: Doc;
  arrayFilters?: Value;
  environment: Environment;
}

const known = new Set([...Object.keys(updateOperators), '$rename']);

/** @throws StoreError for what is unknown, not supported, or in conflict with itself. */
export function compileUpdate(update: Value, options: UpdateOptions): ApplyUpdate {
  if (Array.isArray(update)) {
    if (options.arrayFilters !== undefined)
      throw new StoreError(9, 'arrayFilters may not be specified for pipeline-style updates');
    const apply = compilePipelineUpdate(update, options.environment);
    return (doc) => sameId(doc, apply(doc));
  }
  if (!isDoc(update)) throw new StoreError(9, 'The update must be a document or a pipeline');
  if (update.size > 0 && [...update.keys()].some((key) => key.startsWith('$')))
    return compileOperators(update, options);
  if (options.arrayFilters !== undefined)
    throw new StoreError(9, 'arrayFilters may not be specified for a replacement-style update');
  return (doc) => replaced(doc, update);
}

export const isReplacement = (update: Value): boolean =>
  isDoc(update) && ![...update.keys()].some((key) => key.startsWith('$'));

interface Step {
  path: string;
  operand: Value;
  operator: string;
}

function compileOperators(update: Doc, { filter, arrayFilters, environment }: UpdateOptions): ApplyUpdate {
  const steps = [...update].flatMap(([operator, fields]) => stepsOf(operator, fields));
  refuseConflicts(steps.map(({ path }) => path));
  const filters = compileArrayFilters(arrayFilters, environment);
  const names = new Set(steps.flatMap(({ path }) => filterNames(path)));
  const unused = [...filters.keys()].find((name) => !names.has(name));
  if (unused)
    throw new StoreError(9, `The array filter for identifier '${unused}' was not used in the update`);
  // MongoDB adds new fields in the order of their names.
  steps.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const needsPosition = steps.some(({ path }) => path.includes('$') && path.split('.').includes('$'));
  return (doc, context) => {
    const next = copyOf(doc) as Doc;
    const position = needsPosition ? findPosition(filter, doc, environment) : null;
    for (const { path, operand, operator } of steps)
      for (const place of expandPath(next, path, { position, filters }))
        updateOperators[operator]?.(placeAt(next, place), operand, { ...context, source: doc });
    return sameId(doc, next);
  };
}

function stepsOf(operator: string, fields: Value): Step[] {
  if (!operator.startsWith('$') || !known.has(operator))
    throw new StoreError(9, `Unknown modifier: ${operator}`);
  if (!isDoc(fields))
    throw new StoreError(9, `Modifiers operate on fields but we found another type for ${operator}`);
  return [...fields].flatMap(([path, operand]) =>
    operator === '$rename' ? renameSteps(path, operand) : [{ path: checkedPath(path), operand, operator }],
  );
}

/** A field is taken away here and put there. */
function renameSteps(from: string, to: Value): Step[] {
  if (typeof to !== 'string') throw new StoreError(2, `The 'to' field for $rename must be a string: ${from}`);
  if (from === to) throw new StoreError(2, `The source and target field for $rename must differ: ${from}`);
  if ([from, to].some((path) => path.includes('$')))
    throw new StoreError(2, `The source and target field for $rename may not be dynamic: ${from}`);
  return [
    { path: checkedPath(to), operand: from, operator: renamedInto },
    { path: checkedPath(from), operand: true, operator: renamedAway },
  ];
}

/** What most paths are: the name of one field, with nothing in it that means more. */
const plainName = /^\w+$/;

function checkedPath(path: string): string {
  if (plainName.test(path)) return path;
  const keys = path.split('.');
  if (path === '' || keys.includes(''))
    throw new StoreError(56, `The update path '${path}' contains an empty field name`);
  if (keys[0]?.startsWith('$[') || keys[0] === '$')
    throw new StoreError(2, `Cannot have positional or array filter as the first path component: '${path}'`);
  if (keys.some((key) => key.startsWith('$') && key !== '$' && !/^\$\[[^\]]*\]$/.test(key)))
    throw new StoreError(52, `The dollar ($) prefixed field '${path}' is not valid`);
  return path;
}

function refuseConflicts(paths: string[]): void {
  const all = new Set<string>();
  for (const path of paths) {
    if (all.has(path)) throw conflictAt(path);
    all.add(path);
  }
  for (const path of paths)
    for (let end = path.indexOf('.'); end >= 0; end = path.indexOf('.', end + 1))
      if (all.has(path.slice(0, end))) throw conflictAt(path.slice(0, end));
}

const conflictAt = (path: string) =>
  new StoreError(40, `Updating the path '${path}' would create a conflict at '${path}'`);

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
    if (isRegex(value)) continue;
    if (!isOperators(value)) yield [key, value];
    else yield* equalitiesOf(key, value);
  }
}

function* equalitiesOf(key: string, operators: Doc): Generator<[string, Value]> {
  if (operators.has('$eq')) yield [key, operators.get('$eq') as Value];
  for (const operator of ['$all', '$in']) {
    const list = operators.get(operator);
    if (Array.isArray(list) && list.length === 1 && !isRegex(list[0]) && !isOperators(list[0] as Value))
      yield [key, list[0] as Value];
  }
}

/** A new document gets an id where it has none, in the first place. */
export function withId(doc: Doc): Doc {
  const id = doc.get('_id') ?? new ObjectId();
  if (Array.isArray(id) || (id as { _bsontype?: string })?._bsontype === 'BSONRegExp')
    throw new StoreError(53, "The '_id' value cannot be of type array or regex");
  if (isDoc(id)) {
    const dollar = [...id.keys()].find((key) => key.startsWith('$'));
    if (dollar)
      throw new StoreError(
        52,
        `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`,
      );
  }
  if (firstKeyOf(doc) === '_id') return doc;
  const rest = [...doc].filter(([key]) => key !== '_id');
  return new Map<string, Value>([['_id', id], ...rest]);
}
