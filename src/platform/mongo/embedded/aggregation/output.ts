import { equal } from '../bson/compare';
import { isDoc, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { compileExpression } from '../expression/compile';
import { scopeOf } from '../expression/scope';
import { findDocuments } from '../query/find';
import { plainEnvironment, type Environment } from '../query/environment';
import { valuesAt } from '../query/path';
import { Rows } from '../query/rows';
import { weigh } from '../query/memory';
import type { Turns } from '../commands/turns';
import type { Collection } from '../storage/collection';
import type { Engine } from '../storage/engine';
import type { IndexDefinition } from '../storage/index-definition';
import { Slices, type Pulse } from '../storage/slices';
import { withId } from '../update/apply-update';
import { compilePipelineUpdate } from '../update/pipeline-update';
import type { Flow } from './flow';
import { stageOf } from './pipeline';

/** Writes what a pipeline gives into a collection, in parts between which others read and write. */
export type WriteOut = (flow: Flow, context: { engine: Engine; turns: Turns }) => Promise<void>;

/** `$out` or `$merge` at the end of a pipeline, or null. */
export function outputOf(pipeline: Doc[], database: string, environment: Environment): WriteOut | null {
  const last = pipeline.at(-1);
  const [name, operand] = last ? stageOf(last) : [];
  if (name === '$out') return replaceCollection(targetOf(operand, database));
  return name === '$merge' ? merge(operand as Value, database, environment) : null;
}

function targetOf(target: Value | undefined, database: string): string {
  if (typeof target === 'string') return `${database}.${target}`;
  const [db, coll] = isDoc(target) ? [target.get('db'), target.get('coll')] : [];
  if (typeof coll !== 'string')
    throw new StoreError(16990, 'the output must be a collection name or {db, coll}');
  return `${typeof db === 'string' ? db : database}.${coll}`;
}

/** Made beside it and put in its place at the end: until then, and where it fails, the collection is as it was. */
function replaceCollection(namespace: string): WriteOut {
  return async (flow, { engine, turns }) => {
    const { id, indexes } = await engine.table.transaction(() => engine.make(namespace));
    const slices = new Slices(engine);
    let cleared: number | null = id;
    try {
      await inBatches(flow, turns, (docs) => slices.run(inserting(docs, () => engine.inMaking(id))));
      cleared = await engine.table.transaction(() => {
        const before = engine.get(namespace);
        if (before && namesOf(before.indexes) !== namesOf(indexes))
          throw new StoreError(96, `indexes of target collection ${namespace} changed while processing $out`);
        engine.publish(id);
        return before?.id ?? null;
      });
    } finally {
      if (cleared !== null) await slices.run(engine.clearing(cleared));
    }
  };
}

const namesOf = (indexes: IndexDefinition[]): string => indexes.map(({ name }) => name).join();

function* inserting(docs: Doc[], into: () => Collection): Generator<Pulse, void> {
  for (const doc of docs) {
    into().insert(withId(doc));
    yield null;
  }
}

const mostDocs = 1_000;
const mostBytes = 1024 * 1024;

/** What a flow gives is not held but for the batch at hand, and is read outside of the steps that write. */
async function inBatches(flow: Flow, turns: Turns, write: (docs: Doc[]) => Promise<void>): Promise<void> {
  let [docs, bytes]: [Doc[], number] = [[], 0];
  const turn = turns.begin();
  for (const doc of flow) {
    if (doc) {
      docs.push(doc);
      bytes += weigh(doc);
    }
    if (docs.length >= mostDocs || bytes >= mostBytes) {
      await write(docs);
      [docs, bytes] = [[], 0];
    }
    if (turn.isOver()) await turn.give();
  }
  if (docs.length > 0) await write(docs);
}

function merge(operand: Value, database: string, environment: Environment): WriteOut {
  const spec: Doc = isDoc(operand) ? operand : new Map([['into', operand]]);
  const namespace = targetOf(spec.get('into'), database);
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
  return async (flow, { engine, turns }) => {
    const { limitBytes } = environment.memory;
    const rows = new Rows({ limitBytes, mayUseDisk: true }, '$merge');
    try {
      await turns.each(gathering(flow, rows));
      const failure = await new Slices(engine).run(merging(rows, engine));
      if (failure) throw failure;
    } finally {
      rows.close();
    }
  };

  /** Each document changes whole or not at all. What was written before one that fails stays, as in MongoDB. */
  function* merging(rows: Rows, engine: Engine): Generator<Pulse, StoreError | null> {
    requireUnique(engine.ensure(namespace), paths);
    for (let at = 0; at < rows.length; at++) {
      try {
        mergeOne(rows.get(at), engine.ensure(namespace));
      } catch (error) {
        if (error instanceof StoreError) return error;
        throw error;
      }
      yield null;
    }
    return null;
  }

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

/** All is read before anything is written: the pipeline may read what it writes. */
function* gathering(flow: Flow, rows: Rows): Generator<Pulse, void> {
  for (const doc of flow)
    if (doc) yield* rows.add(doc);
    else yield null;
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
