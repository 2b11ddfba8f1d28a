import { equal } from '../bson/compare';
import { isDoc, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { compileExpression } from '../expression/compile';
import { scopeOf } from '../expression/scope';
import { findDocuments } from '../query/find';
import { plainEnvironment, type Environment } from '../query/environment';
import { valuesAt } from '../query/path';
import type { Collection } from '../storage/collection';
import type { Engine } from '../storage/engine';
import { withId } from '../update/apply-update';
import { compilePipelineUpdate } from '../update/pipeline-update';
import { stageOf } from './pipeline';

/** Writes what a pipeline gives into a collection. Runs inside a transaction. */
export type WriteOut = (docs: Doc[], engine: Engine) => void;

/** `$out` or `$merge` at the end of a pipeline, or null. */
export function outputOf(pipeline: Doc[], database: string, environment: Environment): WriteOut | null {
  const last = pipeline.at(-1);
  const [name, operand] = last ? stageOf(last) : [];
  if (name === '$out') return replaceCollection(targetOf(operand, database, ['db', 'coll']));
  return name === '$merge' ? merge(operand as Value, database, environment) : null;
}

function targetOf(target: Value | undefined, database: string, [dbKey = '', collKey = '']: string[]): string {
  if (typeof target === 'string') return `${database}.${target}`;
  const [db, coll] = isDoc(target) ? [target.get(dbKey), target.get(collKey)] : [];
  if (typeof coll !== 'string')
    throw new StoreError(16990, 'the output must be a collection name or {db, coll}');
  return `${typeof db === 'string' ? db : database}.${coll}`;
}

function replaceCollection(namespace: string): WriteOut {
  return (docs, engine) => {
    const collection = engine.ensure(namespace);
    for (const stored of collection.scan()) collection.remove(stored);
    for (const doc of docs) collection.insert(withId(doc));
  };
}

function merge(operand: Value, database: string, environment: Environment): WriteOut {
  const spec: Doc = isDoc(operand) ? operand : new Map([['into', operand]]);
  const namespace = targetOf(spec.get('into'), database, ['db', 'coll']);
  const on = spec.get('on') ?? '_id';
  const paths = (Array.isArray(on) ? on : [on]).map(String);
  const matched = spec.get('whenMatched') ?? 'merge';
  const unmatched = spec.get('whenNotMatched') ?? 'insert';
  if (!Array.isArray(matched) && !['merge', 'replace', 'keepExisting', 'fail'].includes(String(matched)))
    throw new StoreError(
      9,
      `Enumeration value '${String(matched)}' for field 'whenMatched' is not a valid value.`,
    );
  if (!['insert', 'discard', 'fail'].includes(String(unmatched)))
    throw new StoreError(
      9,
      `Enumeration value '${String(unmatched)}' for field 'whenNotMatched' is not a valid value.`,
    );
  const names = spec.get('let');
  return (docs, engine) => {
    const collection = engine.ensure(namespace);
    requireUnique(collection, paths);
    for (const doc of docs) mergeOne(doc, collection);
  };

  function mergeOne(given: Doc, collection: Collection): void {
    const doc = withId(given);
    const filter = new Map(paths.map((path) => [path, valuesAt(doc, path)[0] ?? null]));
    const query = { filter, sort: [], skip: 0, limit: 1, hint: undefined, environment: plainEnvironment };
    const [known] = [...findDocuments(collection, query)];
    if (known) {
      const next = combined(known.doc, doc);
      if (next) collection.replace(known, next);
    } else if (unmatched === 'insert') collection.insert(doc);
    else if (unmatched === 'fail')
      throw new StoreError(13113, '$merge could not find a matching document in the target collection');
  }

  function combined(known: Doc, doc: Doc): Doc | null {
    if (Array.isArray(matched))
      return compilePipelineUpdate(matched, { ...environment, variables: variablesFor(doc) })(known);
    switch (matched) {
      case 'keepExisting':
        return null;
      case 'fail':
        throw new StoreError(
          11000,
          '$merge with whenMatched: fail found an existing document with the same values',
        );
      case 'replace':
        return new Map<string, Value>([
          ['_id', known.get('_id') as Value],
          ...[...doc].filter(([key]) => key !== '_id'),
        ]);
      default:
        if (!equal(known.get('_id') as Value, doc.get('_id') as Value) && !paths.includes('_id'))
          doc.delete('_id');
        return new Map([...known, ...doc]);
    }
  }

  function variablesFor(doc: Doc): Map<string, Value | undefined> {
    const given = isDoc(names)
      ? [...names].map(
          ([name, value]) => [name, compileExpression(value)(scopeOf(doc, environment))] as const,
        )
      : [];
    return new Map([...environment.variables, ['new', doc], ...given]);
  }
}

/** What is merged on must be unique, or a document could match several. */
function requireUnique(collection: Collection, paths: string[]): void {
  const isUnique = collection.indexes.some(
    ({ isUnique, fields, partial }) =>
      isUnique &&
      !partial &&
      fields.length === paths.length &&
      fields.every(({ path }) => paths.includes(path)),
  );
  if (!isUnique) throw new StoreError(51183, 'Cannot find index to verify that join fields will be unique');
  if (paths.length === 0) throw notSupported('an empty on');
}
