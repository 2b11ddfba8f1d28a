import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { compileExpression } from '../expression/compile';
import { typeName } from '../expression/operands';
import { redactions } from '../expression/path';
import { scopeOf, type Evaluate } from '../expression/scope';
import type { Environment } from '../query/environment';
import { compileProjection } from '../query/projection';
import { applyTree, type ProjectionNode, type ProjectionTree } from '../query/projection-tree';

type Shape = (doc: Doc) => Doc;
type CompileShape = (operand: Value, environment: Environment) => Shape;

/** Stages that make each document anew, and that an update may use too. */
const stages: Record<string, CompileShape> = {
  $project: (operand, environment) => {
    if (!isDoc(operand)) throw new StoreError(15969, '$project specification must be an object');
    const project = compileProjection(operand, { environment, filter: null });
    if (!project)
      throw new StoreError(
        51272,
        'Invalid $project :: caused by :: projection specification must have at least one field',
      );
    return project;
  },
  $addFields: addFields,
  $set: addFields,
  $unset: (operand, environment) => {
    const paths = Array.isArray(operand) ? operand : [operand];
    if (paths.length === 0 || paths.some((path) => typeof path !== 'string'))
      throw new StoreError(
        31002,
        '$unset specification must be a string or an array containing only string values',
      );
    const project = compileProjection(new Map(paths.map((path) => [path as string, false])), {
      environment,
      filter: null,
    });
    return (doc) => project?.(doc) ?? doc;
  },
  $replaceRoot: (operand, environment) => {
    if (!isDoc(operand) || !operand.has('newRoot'))
      throw new StoreError(40231, 'no newRoot specified for the $replaceRoot stage');
    return replaceRoot(operand.get('newRoot') as Value, environment);
  },
  $replaceWith: replaceRoot,
};

export const isShapingStage = (name: string): boolean => Object.hasOwn(stages, name);

export function compileShapingStage(name: string, operand: Value, environment: Environment): Shape {
  return (stages[name] as CompileShape)(operand, environment);
}

function addFields(operand: Value, environment: Environment): Shape {
  if (!isDoc(operand)) throw new StoreError(40272, '$addFields specification stage must be an object');
  const tree: ProjectionTree = new Map();
  for (const [path, value] of operand) insertField(tree, path, value);
  return (doc) => applyTree(doc, tree, 'add', scopeOf(doc, environment));
}

/** A document of plain fields is merged field by field; everything else is an expression. */
function insertField(tree: ProjectionTree, path: string, value: Value): void {
  const keys = path.split('.');
  if (keys.some((key) => key === '' || key.startsWith('$')))
    throw new StoreError(keys.includes('') ? 40353 : 16410, `Invalid field path: ${path}`);
  const last = keys.pop() as string;
  let at = tree;
  for (const key of keys) at = branchAt(at, key, path).fields;
  if (isDoc(value) && value.size > 0 && !([...value.keys()][0] as string).startsWith('$')) {
    const { fields } = branchAt(at, last, path);
    for (const [key, inner] of value) insertField(fields, key, inner);
    return;
  }
  if (at.has(last)) throw new StoreError(40176, `specification contains two conflicting paths: ${path}`);
  at.set(last, { kind: 'computed', evaluate: compileExpression(value) });
}

function branchAt(tree: ProjectionTree, key: string, path: string): ProjectionNode & { kind: 'branch' } {
  const known = tree.get(key) ?? { kind: 'branch' as const, fields: new Map<string, ProjectionNode>() };
  if (known.kind !== 'branch')
    throw new StoreError(40176, `specification contains two conflicting paths: ${path}`);
  tree.set(key, known);
  return known;
}

function replaceRoot(operand: Value, environment: Environment): Shape {
  const evaluate = compileExpression(operand);
  return (doc) => {
    const made = evaluate(scopeOf(doc, environment));
    if (!isDoc(made))
      throw new StoreError(
        40228,
        `'newRoot' expression must evaluate to an object, but resulting value was of type ${typeName(made)}`,
      );
    return made;
  };
}

/** Keeps, goes into or leaves out a document and those inside it. Null: left out. */
export function compileRedact(operand: Value, environment: Environment): (doc: Doc) => Doc | null {
  const decide = compileExpression(operand);
  return (doc) => redacted(doc, doc, decide, environment);
}

function redacted(root: Doc, doc: Doc, decide: Evaluate, environment: Environment): Doc | null {
  const scope = scopeOf(root, environment);
  const decision = decide({ ...scope, root: doc, names: new Map([...scope.names, ['ROOT', root]]) });
  if (decision === redactions.KEEP) return doc;
  if (decision === redactions.PRUNE) return null;
  if (decision !== redactions.DESCEND)
    throw new StoreError(17053, '$redact must evaluate to one of $$DESCEND, $$PRUNE, or $$KEEP');
  const inside = (value: Value): Value | null | undefined => {
    if (isDoc(value)) return redacted(root, value, decide, environment) ?? undefined;
    return Array.isArray(value) ? value.map(inside).filter((item) => item !== undefined) : value;
  };
  return new Map(
    [...doc]
      .map(([key, value]) => [key, inside(value)] as const)
      .filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}
