import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { findDocuments, type Query } from '../query/find';
import { compileFilter } from '../query/matcher';
import { compileProjection } from '../query/projection';
import { parseSort } from '../query/sort';
import type { Collection, Stored } from '../storage/collection';
import { encode } from '../bson/encode';
import { compileUpdate, isReplacement, upsertBase, withId, type ApplyUpdate } from '../update/apply-update';
import type { Command, CommandContext } from './command';
import { int, reply } from './reply';

const batchOptions = ['documents', 'updates', 'deletes', 'ordered', 'bypassDocumentValidation'];

/** Every statement is one step by itself: what fails leaves nothing half done. */
async function runBatch(
  command: Command,
  { engine }: CommandContext,
  statements: Doc[],
  step: (statement: Doc, index: number) => void,
): Promise<Value[]> {
  if (statements.length === 0)
    throw new StoreError(16, 'Write batch sizes must be between 1 and 100000. Got 0 operations.');
  const errors: Value[] = [];
  const ordered = command.flag('ordered', true);
  await engine.table.transaction(() => {
    for (const [index, statement] of statements.entries()) {
      try {
        step(statement, index);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        errors.push(writeError(index, error));
        if (ordered) return;
      }
    }
  });
  return errors;
}

function writeError(index: number, error: StoreError): Doc {
  const fields = Object.entries(error.fields) as [string, Value][];
  return new Map<string, Value>([
    ['index', int(index)],
    ['code', int(error.code)],
    ['errmsg', error.message],
    ...fields,
  ]);
}

const withErrors = (doc: Doc, errors: Value[]): Doc =>
  errors.length > 0 ? new Map([...doc, ['writeErrors', errors]]) : doc;

export async function insert(command: Command, context: CommandContext): Promise<Doc> {
  command.allow(...batchOptions);
  const documents = command.docs('documents');
  const { namespace } = command;
  let n = 0;
  const errors = await runBatch(command, context, documents, (doc) => {
    context.engine.ensure(namespace).insert(withId(doc));
    n++;
  });
  return withErrors(reply({ n: int(n) }), errors);
}

export async function update(command: Command, context: CommandContext): Promise<Doc> {
  command.allow(...batchOptions);
  const upserted: Value[] = [];
  let [n, nModified] = [0, 0];
  const { namespace } = command;
  const errors = await runBatch(command, context, command.docs('updates'), (statement, index) => {
    allowFields(statement, ['q', 'u', 'upsert', 'multi', 'hint']);
    const apply = compileUpdate(statement.get('u') as Value);
    const multi = isTrue(statement.get('multi'));
    if (multi && isReplacement(statement.get('u') as Value))
      throw new StoreError(9, 'multi update is not supported for replacement-style update');
    const filter = docOf(statement.get('q'));
    compileFilter(filter);
    const collection = context.engine.get(namespace);
    const found = collection
      ? [
          ...findDocuments(collection, {
            filter,
            sort: [],
            skip: 0,
            limit: multi ? 0 : 1,
            hint: statement.get('hint'),
          }),
        ]
      : [];
    for (const stored of found) {
      if (collection && change(collection, stored, apply, context.now())) nModified++;
      n++;
    }
    if (found.length > 0 || !isTrue(statement.get('upsert'))) return;
    const { doc } = upsertOne(context, namespace, filter, apply);
    n++;
    upserted.push(
      new Map<string, Value>([
        ['index', int(index)],
        ['_id', doc.get('_id') as Value],
      ]),
    );
  });
  const counted = reply({ n: int(n), ...(upserted.length > 0 && { upserted }), nModified: int(nModified) });
  return withErrors(counted, errors);
}

export async function remove(command: Command, context: CommandContext): Promise<Doc> {
  command.allow(...batchOptions);
  let n = 0;
  const { namespace } = command;
  const errors = await runBatch(command, context, command.docs('deletes'), (statement) => {
    allowFields(statement, ['q', 'limit', 'hint']);
    const limit = numberOf(statement.get('limit'));
    if (limit !== 0 && limit !== 1)
      throw new StoreError(9, 'The limit field in delete objects must be 0 or 1');
    const filter = docOf(statement.get('q'));
    compileFilter(filter);
    const collection = context.engine.get(namespace);
    if (!collection) return;
    for (const stored of [
      ...findDocuments(collection, { filter, sort: [], skip: 0, limit, hint: statement.get('hint') }),
    ]) {
      collection.remove(stored);
      n++;
    }
  });
  return withErrors(reply({ n: int(n) }), errors);
}

export async function findAndModify(command: Command, context: CommandContext): Promise<Doc> {
  command.allow(
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'hint',
    'bypassDocumentValidation',
  );
  const filter = command.doc('query') ?? new Map<string, Value>();
  const project = compileProjection(command.doc('fields'));
  const isRemoval = command.flag('remove');
  const change = command.body.get('update');
  if (isRemoval === (change !== undefined))
    throw new StoreError(
      9,
      isRemoval
        ? "Cannot specify both an 'update' and 'remove'=true"
        : "Either an update or 'remove'=true must be specified",
    );
  if (isRemoval && (command.flag('upsert') || command.flag('new')))
    throw new StoreError(9, "Cannot specify 'upsert' or 'new' with 'remove'=true");
  const apply = isRemoval ? null : compileUpdate(change as Value);
  const query: Query = {
    filter,
    sort: parseSort(command.doc('sort')),
    skip: 0,
    limit: 1,
    hint: command.body.get('hint'),
  };
  compileFilter(filter);
  return context.engine.table.transaction(() => {
    const { value, lastError } = modifyOne(command, context, query, apply);
    const shown = value && project ? project(value) : value;
    return reply({ lastErrorObject: lastError, value: shown });
  });
}

function modifyOne(
  command: Command,
  context: CommandContext,
  query: Query,
  apply: ApplyUpdate | null,
): { value: Doc | null; lastError: Doc } {
  const collection = context.engine.get(command.namespace);
  const [stored] = collection ? [...findDocuments(collection, query)] : [];
  const outcome = (n: number, fields: [string, Value][] = []): Doc =>
    new Map<string, Value>([['n', int(n)], ...fields]);
  if (stored && collection && !apply) {
    collection.remove(stored);
    return { value: stored.doc, lastError: outcome(1) };
  }
  if (stored && collection && apply) {
    change(collection, stored, apply, context.now());
    const after = command.flag('new') ? (collection.get(stored.recordId)?.doc ?? null) : stored.doc;
    return { value: after, lastError: outcome(1, [['updatedExisting', true]]) };
  }
  if (!apply) return { value: null, lastError: outcome(0) };
  if (!command.flag('upsert')) return { value: null, lastError: outcome(0, [['updatedExisting', false]]) };
  const { doc } = upsertOne(context, command.namespace, query.filter, apply);
  return {
    value: command.flag('new') ? doc : null,
    lastError: outcome(1, [
      ['updatedExisting', false],
      ['upserted', doc.get('_id') as Value],
    ]),
  };
}

/** False when the document stays as it was. */
function change(collection: Collection, stored: Stored, apply: ApplyUpdate, now: Date): boolean {
  const next = apply(stored.doc, { isInsert: false, now });
  if (encode(next).equals(stored.bytes)) return false;
  collection.replace(stored, next);
  return true;
}

function upsertOne(context: CommandContext, namespace: string, filter: Doc, apply: ApplyUpdate): Stored {
  const doc = apply(upsertBase(filter), { isInsert: true, now: context.now() });
  return context.engine.ensure(namespace).insert(withId(doc));
}

function allowFields(statement: Doc, known: string[]): void {
  const unknown = [...statement.keys()].find((key) => !known.includes(key));
  if (unknown)
    throw ['collation', 'arrayFilters', 'c', 'sort', 'sampleId'].includes(unknown)
      ? notSupported(`the option ${unknown}`)
      : new StoreError(40415, `BSON field '${unknown}' is an unknown field.`);
}

function docOf(value: Value | undefined): Doc {
  if (!isDoc(value)) throw new StoreError(14, 'The filter must be an object');
  return value;
}
const isTrue = (value: Value | undefined): boolean =>
  value === true || (isNumber(value) && toDouble(value) !== 0);
const numberOf = (value: Value | undefined): number => (isNumber(value) ? toDouble(value) : -1);
