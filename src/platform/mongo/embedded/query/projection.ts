import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { compileExpression, isExpressionOperator } from '../expression/compile';
import { scopeOf } from '../expression/scope';
import type { Environment } from './environment';
import { compileField } from './matcher';
import { applyTree, type ProjectionTree, type ProjectionNode } from './projection-tree';
import { findPosition } from './position';
import { follow } from '../expression/path';

export type Project = (doc: Doc) => Doc;

/** What a projection may use besides flags and expressions; a `find` may also slice arrays and pick items. */
export interface ProjectionContext {
  environment: Environment;
  /** The filter of a `find`; null in a pipeline. */
  filter: Doc | null;
}

type Entry = { path: string } & (
  | { kind: 'flag'; keep: boolean }
  | { kind: 'computed'; node: ProjectionNode }
  | { kind: 'slice'; skip: number | null; limit: number }
  | { kind: 'position' }
);

/** A projection as a function. Null: the document as it is. @throws StoreError for one that cannot be. */
export function compileProjection(projection: Doc | undefined, context: ProjectionContext): Project | null {
  if (!projection || projection.size === 0) return null;
  const entries = [...projection].flatMap(([path, value]) => entriesOf(path, value, context));
  const isInclusion = modeOf(entries, context);
  const idFlag = entries.find((entry) => entry.path === '_id' && entry.kind === 'flag');
  const hidesId = idFlag?.kind === 'flag' && !idFlag.keep;
  const tree: ProjectionTree = new Map();
  for (const entry of entries) {
    if (entry.path === '_id' && entry.kind === 'flag') continue;
    if (entry.kind === 'computed') insert(tree, entry.path, entry.node);
    else if (entry.kind === 'flag') insert(tree, entry.path, { kind: isInclusion ? 'keep' : 'drop' });
    else if (isInclusion) insert(tree, entry.path, { kind: 'keep' });
  }
  if (isInclusion && !hidesId && !tree.has('_id')) tree.set('_id', { kind: 'keep' });
  if (!isInclusion && hidesId) tree.set('_id', { kind: 'drop' });
  const mode = isInclusion ? 'include' : 'exclude';
  return (doc) => {
    const projected = applyTree(doc, tree, mode, scopeOf(doc, context.environment));
    return entries.reduce((current, entry) => refine(current, doc, entry, context), projected);
  };
}

function entriesOf(path: string, value: Value, context: ProjectionContext): Entry[] {
  checkPath(path);
  if (path.endsWith('.$') && context.filter) return [{ path: path.slice(0, -2), kind: 'position' }];
  if (path.split('.').some((key) => key.startsWith('$')))
    throw new StoreError(
      path.includes('.$') ? 31394 : 16410,
      `FieldPath field names may not start with '$': ${path}`,
    );
  if (typeof value === 'boolean') return [{ path, kind: 'flag', keep: value }];
  if (isNumber(value)) return [{ path, kind: 'flag', keep: toDouble(value) !== 0 }];
  if (!isDoc(value)) return [computed(path, value)];
  const [operator] = value.keys();
  if (operator === undefined)
    throw new StoreError(
      51270,
      `An empty sub-projection is not a valid value. Found empty object at path ${path}`,
    );
  if (operator === '$slice' && context.filter && isFindSlice(value.get('$slice') as Value))
    return [sliceOf(path, value.get('$slice') as Value)];
  if (operator === '$elemMatch' && context.filter)
    return [{ path, kind: 'computed', node: elemMatchOf(path, value, context) }];
  if (!operator.startsWith('$'))
    return [...value].flatMap(([key, inner]) => entriesOf(`${path}.${key}`, inner, context));
  if (!isExpressionOperator(operator))
    throw new StoreError(31325, `Invalid $project :: caused by :: Unknown expression ${operator}`);
  return [computed(path, value)];
}

function checkPath(path: string): void {
  if (path === '') throw new StoreError(40352, 'FieldPath cannot be constructed with empty string');
  if (path.endsWith('.')) throw new StoreError(40353, "FieldPath must not end with a '.'.");
}

const computed = (path: string, value: Value): Entry => ({
  path,
  kind: 'computed',
  node: { kind: 'computed', evaluate: compileExpression(value) },
});

/** `[skip, limit]` of numbers is a slice; with other things it is the expression. */
const isFindSlice = (value: Value): boolean =>
  isNumber(value) || (Array.isArray(value) && value.every(isNumber));

function sliceOf(path: string, value: Value): Entry {
  const numbers = (Array.isArray(value) ? value : [value]).map((one) =>
    isNumber(one) ? Math.trunc(toDouble(one)) : NaN,
  );
  const [first = 0, second] = numbers;
  if (!Array.isArray(value)) return { path, kind: 'slice', skip: null, limit: first };
  if (second === undefined || numbers.length > 2)
    throw new StoreError(28724, '$slice takes a number or [skip, limit]');
  if (second <= 0) throw new StoreError(28724, 'Third argument to $slice must be a positive number');
  return { path, kind: 'slice', skip: first, limit: second };
}

function elemMatchOf(path: string, value: Doc, { environment }: ProjectionContext): ProjectionNode {
  if (path.includes('.')) throw new StoreError(31275, 'Cannot use $elemMatch projection on a nested field');
  const matches = compileField('item', value, environment);
  return {
    kind: 'computed',
    evaluate({ root }) {
      const list = isDoc(root) ? root.get(path) : undefined;
      const found = Array.isArray(list)
        ? list.find((item) => matches(new Map([['item', [item]]])))
        : undefined;
      return found === undefined ? undefined : [found];
    },
  };
}

/** Does it name what is kept? The first field but `_id` decides; the others must agree. */
function modeOf(entries: Entry[], { filter }: ProjectionContext): boolean {
  const isFlagged = (entry: Entry): entry is Entry & { kind: 'flag' } =>
    entry.kind === 'flag' && entry.path !== '_id';
  const flags = entries.filter(isFlagged);
  const [first] = flags;
  const mixed = flags.find(({ keep }) => keep !== first?.keep);
  if (mixed)
    throw new StoreError(
      first?.keep ? 31254 : 31253,
      `Cannot do ${mixed.keep ? 'inclusion' : 'exclusion'} on field ${mixed.path} in ${mixed.keep ? 'exclusion' : 'inclusion'} projection`,
    );
  const shows = entries.some(({ kind }) => kind === 'computed' || kind === 'position');
  if (first && !first.keep && shows)
    throw new StoreError(filter ? 31252 : 31252, 'Cannot use an expression in an exclusion projection');
  if (first) return first.keep;
  const id = entries.find((entry) => entry.path === '_id' && entry.kind === 'flag');
  const isSliced = entries.some(({ kind }) => kind === 'slice');
  return shows || (!isSliced && id?.kind === 'flag' && id.keep);
}

function insert(tree: ProjectionTree, path: string, node: ProjectionNode): void {
  const keys = path.split('.');
  const last = keys.pop() as string;
  let at = tree;
  for (const key of keys) {
    const known = at.get(key) ?? { kind: 'branch' as const, fields: new Map<string, ProjectionNode>() };
    if (known.kind !== 'branch') throw new StoreError(31249, `Path collision at ${path}`);
    at.set(key, known);
    at = known.fields;
  }
  if (at.has(last)) throw new StoreError(31250, `Path collision at ${path}`);
  at.set(last, node);
}

function refine(projected: Doc, doc: Doc, entry: Entry, { filter, environment }: ProjectionContext): Doc {
  if (entry.kind === 'slice')
    return changeAt(projected, entry.path.split('.'), (list) => sliced(list, entry));
  if (entry.kind !== 'position' || !filter) return projected;
  const list = follow(doc, entry.path.split('.'), 0);
  if (!Array.isArray(list)) return projected;
  const at = findPosition(filter, doc, environment, entry.path);
  if (at === null)
    throw new StoreError(
      51246,
      "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
    );
  return changeAt(projected, entry.path.split('.'), (found) =>
    found.length > at ? [found[at] as Value] : [],
  );
}

function sliced(list: Value[], { skip, limit }: { skip: number | null; limit: number }): Value[] {
  if (skip === null) return limit < 0 ? list.slice(limit) : list.slice(0, limit);
  const start = skip < 0 ? Math.max(0, list.length + skip) : skip;
  return list.slice(start, start + limit);
}

/** A copy in which the arrays at a path are changed. */
const changeAt = (doc: Doc, keys: string[], change: (list: Value[]) => Value): Doc =>
  changedValue(doc, keys, change) as Doc;

function changedValue(value: Value, keys: string[], change: (list: Value[]) => Value): Value {
  const [key, ...rest] = keys;
  if (Array.isArray(value))
    return value.map((item) => (isDoc(item) ? changedValue(item, keys, change) : item));
  if (!isDoc(value) || key === undefined || !value.has(key)) return value;
  const inner = value.get(key) as Value;
  const next =
    rest.length > 0 ? changedValue(inner, rest, change) : Array.isArray(inner) ? change(inner) : inner;
  return new Map<string, Value>([...value, [key, next]]);
}
