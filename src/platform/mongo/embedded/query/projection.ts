import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';

export type Project = (doc: Doc) => Doc;
type Tree = Map<string, Tree | true>;

/** A projection as a function: fields kept or left out. Null: the document as it is. */
export function compileProjection(projection: Doc | undefined): Project | null {
  if (!projection || projection.size === 0) return null;
  const entries = [...projection].map(([path, value]) => ({ path, keep: flagOf(path, value) }));
  const idFlag = entries.find(({ path }) => path === '_id')?.keep;
  const others = entries.filter(({ path }) => path !== '_id');
  const isInclusion = others.length > 0 ? (others[0]?.keep ?? false) : (idFlag ?? false);
  const mixed = others.find(({ keep }) => keep !== isInclusion);
  if (mixed)
    throw new StoreError(
      isInclusion ? 31254 : 31253,
      `Cannot do ${isInclusion ? 'exclusion' : 'inclusion'} on field ${mixed.path} in ${isInclusion ? 'inclusion' : 'exclusion'} projection`,
    );
  const tree = treeOf(others.map(({ path }) => path));
  if (isInclusion) {
    if (idFlag !== false) tree.set('_id', true);
    return (doc) => include(doc, tree);
  }
  if (idFlag === false) tree.set('_id', true);
  return (doc) => exclude(doc, tree);
}

function flagOf(path: string, value: Value): boolean {
  if (path === '') throw new StoreError(40352, 'FieldPath cannot be constructed with empty string');
  if (path.endsWith('.')) throw new StoreError(40353, "FieldPath must not end with a '.'.");
  if (path.startsWith('$') || path.includes('.$')) throw notSupported('a positional projection');
  if (typeof value === 'boolean') return value;
  if (isNumber(value)) return toDouble(value) !== 0;
  throw notSupported('a computed projection');
}

function treeOf(paths: string[]): Tree {
  const tree: Tree = new Map();
  for (const path of paths) {
    const keys = path.split('.');
    let node = tree;
    keys.forEach((key, index) => {
      const known = node.get(key);
      const isLast = index === keys.length - 1;
      if (known === true || (isLast && known))
        throw new StoreError(isLast ? 31250 : 31249, `Path collision at ${path}`);
      const next: Tree = known ?? new Map();
      node.set(key, isLast ? true : next);
      node = next;
    });
  }
  return tree;
}

function include(doc: Doc, tree: Tree): Doc {
  const kept: Doc = new Map();
  for (const [key, value] of doc) {
    const branch = tree.get(key);
    const part = branch === true ? value : branch && within(value, (inner) => include(inner, branch), false);
    if (part !== undefined) kept.set(key, part);
  }
  return kept;
}

function exclude(doc: Doc, tree: Tree): Doc {
  const kept: Doc = new Map();
  for (const [key, value] of doc) {
    const branch = tree.get(key);
    if (branch === true) continue;
    kept.set(key, branch ? (within(value, (inner) => exclude(inner, branch), true) as Value) : value);
  }
  return kept;
}

/** Goes into documents, also those in arrays; what is neither stays only when fields are left out. */
function within(value: Value, project: Project, keepsOthers: boolean): Value | undefined {
  if (isDoc(value)) return project(value);
  if (!Array.isArray(value)) return keepsOthers ? value : undefined;
  return value
    .map((item) => within(item, project, keepsOthers))
    .filter((item): item is Value => item !== undefined);
}
