import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { findDocuments, type Query } from '../query/find';
import type { Environment } from '../query/environment';
import { compileFilter } from '../query/matcher';
import { parseSort } from '../query/sort';
import type { Collection, Stored } from '../storage/collection';
import { encode } from '../bson/encode';
import { compileUpdate, isReplacement, upsertBase, withId, type ApplyUpdate } from '../update/apply-update';
import type { Command, CommandContext } from './command';
import { environmentOf } from './environment';
import { int, reply } from './reply';

const batchOptions = ['documents', 'updates', 'deletes', 'ordered', 'bypassDocumentValidation', 'let'];
const mostStatements = 100_000;

/** Every statement is one step by itself: what fails leaves nothing half done. */
async function runBatch(
  command: Command,
  { engine }: CommandContext,
  statements: Doc[],
  step: (statement: Doc, index: number) => void,
): Promise<Value[]> {
  if (statements.length === 0 || statements.length > mostStatements)
    throw new StoreError(
      16,
      `Write batch sizes must be between 1 and ${mostStatements}. Got ${statements.length} operations.`,
    );
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
  const outer = environmentOf(command.body, context.now());
  const errors = await runBatch(command, context, command.docs('updates'), (statement, index) => {
    const { query, apply, isUpsert } = parseUpdate(statement, context.now(), outer);
    const collection = context.engine.get(namespace);
    const found = collection ? [...findDocuments(collection, query)] : [];
    for (const stored of found) {
      if (collection && change(collection, stored, apply, context.now())) nModified++;
      n++;
    }
    if (found.length > 0 || !isUpsert) return;
    const { doc } = upsertOne(context, namespace, query.filter, apply);
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

/** One statement of an update. @throws StoreError for one that cannot be, before anything is changed. */
export function parseUpdate(
  statement: Doc,
  now: Date,
  outer: Environment,
): { query: Query; apply: ApplyUpdate; isUpsert: boolean } {
  allowFields(statement, ['q', 'u', 'upsert', 'multi', 'hint', 'collation', 'arrayFilters', 'sort', 'c']);
  const environment = environmentOf(
    new Map([...statement].filter(([key]) => key === 'collation')),
    now,
    outer,
  );
  const filter = docOf(statement.get('q'));
  const change = statement.get('u') as Value;
  const apply = compileUpdate(change, { filter, arrayFilters: statement.get('arrayFilters'), environment });
  const multi = isTrue(statement.get('multi'));
  if (multi && isReplacement(change))
    throw new StoreError(9, 'multi update is not supported for replacement-style update');
  const sort = statement.get('sort');
  if (multi && sort !== undefined) throw new StoreError(9, 'Cannot specify sort with multi=true');
  compileFilter(filter, environment);
  const query = {
    filter,
    sort: sort === undefined ? [] : parseSort(docOf(sort)),
    skip: 0,
    limit: multi ? 0 : 1,
    hint: statement.get('hint'),
    environment,
  };
  return { query, apply, isUpsert: isTrue(statement.get('upsert')) };
}

export async function remove(command: Command, context: CommandContext): Promise<Doc> {
  command.allow(...batchOptions);
  let n = 0;
  const { namespace } = command;
  const outer = environmentOf(command.body, context.now());
  const errors = await runBatch(command, context, command.docs('deletes'), (statement) => {
    const query = parseDelete(statement, context.now(), outer);
    const collection = context.engine.get(namespace);
    if (!collection) return;
    for (const stored of [...findDocuments(collection, query)]) {
      collection.remove(stored);
      n++;
    }
  });
  return withErrors(reply({ n: int(n) }), errors);
}

export function parseDelete(statement: Doc, now: Date, outer: Environment): Query {
  allowFields(statement, ['q', 'limit', 'hint', 'collation']);
  const limit = numberOf(statement.get('limit'));
  if (limit !== 0 && limit !== 1) throw new StoreError(9, 'The limit field in delete objects must be 0 or 1');
  const environment = environmentOf(
    new Map([...statement].filter(([key]) => key === 'collation')),
    now,
    outer,
  );
  const filter = docOf(statement.get('q'));
  compileFilter(filter, environment);
  return { filter, sort: [], skip: 0, limit, hint: statement.get('hint'), environment };
}

/** False when the document stays as it is. */
export function change(collection: Collection, stored: Stored, apply: ApplyUpdate, now: Date): boolean {
  const next = apply(stored.doc, { isInsert: false, now });
  if (encode(next).equals(stored.bytes)) return false;
  collection.replace(stored, next);
  return true;
}

export function upsertOne(
  context: CommandContext,
  namespace: string,
  filter: Doc,
  apply: ApplyUpdate,
): Stored {
  const doc = apply(upsertBase(filter), { isInsert: true, now: context.now() });
  return context.engine.ensure(namespace).insert(withId(doc));
}

function allowFields(statement: Doc, known: string[]): void {
  const unknown = [...statement.keys()].find((key) => !known.includes(key));
  if (unknown) throw new StoreError(40415, `BSON field '${unknown}' is an unknown field.`);
}

function docOf(value: Value | undefined): Doc {
  if (!isDoc(value)) throw new StoreError(14, 'The filter must be an object');
  return value;
}
const isTrue = (value: Value | undefined): boolean =>
  value === true || (isNumber(value) && toDouble(value) !== 0);
const numberOf = (value: Value | undefined): number => (isNumber(value) ? toDouble(value) : -1);
