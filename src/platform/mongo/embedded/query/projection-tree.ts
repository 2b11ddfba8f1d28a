import { LazyDocument } from '../bson/lazy-document';
import { isDoc, type Doc, type Value } from '../bson/value';
import type { Evaluate, Scope } from '../expression/scope';

export type ProjectionNode =
  | { kind: 'keep' }
  | { kind: 'drop' }
  | { kind: 'computed'; evaluate: Evaluate }
  | { kind: 'branch'; fields: ProjectionTree };
export type ProjectionTree = Map<string, ProjectionNode>;
/** `include` keeps what is named, `exclude` the rest; `add` keeps all and sets what is computed. */
export type ProjectionMode = 'include' | 'exclude' | 'add';

/** A new document. Everything computed sees the document as it was. */
export function applyTree(doc: Doc, tree: ProjectionTree, mode: ProjectionMode, scope: Scope): Doc {
  const made: Doc = new Map();
  const done = new Set<string>();
  const fields = mode === 'include' && doc instanceof LazyDocument ? doc.among(tree) : doc;
  for (const [key, value] of fields) {
    const node = tree.get(key);
    const isLater = node?.kind === 'computed' && mode === 'include';
    if (isLater) continue;
    done.add(key);
    const next = node ? applyNode(value, node, mode, scope) : mode === 'include' ? undefined : value;
    if (next !== undefined) made.set(key, next);
  }
  for (const [key, node] of tree) {
    if (done.has(key)) continue;
    const next = applyNode(undefined, node, mode, scope);
    if (next !== undefined) made.set(key, next);
  }
  return made;
}

function applyNode(
  value: Value | undefined,
  node: ProjectionNode,
  mode: ProjectionMode,
  scope: Scope,
): Value | undefined {
  switch (node.kind) {
    case 'keep':
      return value;
    case 'drop':
      return undefined;
    case 'computed':
      return node.evaluate(scope);
    case 'branch':
      return applyBranch(value, node.fields, mode, scope);
  }
}

/** Goes into documents, also those in arrays. Over anything else a computed field makes a document. */
function applyBranch(
  value: Value | undefined,
  fields: ProjectionTree,
  mode: ProjectionMode,
  scope: Scope,
): Value | undefined {
  if (isDoc(value)) return applyTree(value, fields, mode, scope);
  if (Array.isArray(value))
    return value.map((item) => applyBranch(item, fields, mode, scope)).filter((item) => item !== undefined);
  if (hasComputed(fields)) {
    return applyTree(new Map(), fields, mode, scope);
  }
  return mode === 'include' ? undefined : value;
}

const hasComputed = (fields: ProjectionTree): boolean =>
  [...fields.values()].some(
    (node) => node.kind === 'computed' || (node.kind === 'branch' && hasComputed(node.fields)),
  );
