import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import type { Query } from '../query/find';
import type { Environment } from '../query/environment';
import { compileFilter } from '../query/matcher';
import { parseSort } from '../query/sort';
import type { Stored } from '../storage/collection';
import { compileUpdate, isReplacement, upsertBase, withId, type ApplyUpdate } from '../update/apply-update';
import { runBatch, type Tally } from './batch';
import type { Command, CommandContext } from './command';
import { environmentOf } from './environment';
import { int, reply } from './reply';
import { targetsOf, type Target } from './targets';

export const batchOptions = ['documents', 'updates', 'deletes', 'ordered', 'bypassDocumentValidation', 'let'];

const answer = ({ errors }: Tally, fields: Record<string, Value>): Doc => {
  const counted = reply(fields);
  return errors.length > 0 ? new Map([...counted, ['writeErrors', errors]]) : counted;
};

export async function insert(command: Command, context: CommandContext): Promise<Doc> {
  command.allow(...batchOptions);
  const { namespace } = command;
  const tally = await runBatch(command, context, command.docs('documents'), (doc, _index, { tally }) => {
    context.engine.ensure(namespace).insert(withId(doc));
    tally.n++;
  });
  return answer(tally, { n: int(tally.n) });
}

export async function update(command: Command, context: CommandContext): Promise<Doc> {
  command.allow(...batchOptions);
  const { namespace } = command;
  const { engine } = context;
  const outer = environmentOf(command.body, context.now());
  const tally = await runBatch(command, context, command.docs('updates'), function* (statement, index, at) {
    const { query, apply, isUpsert } = parseUpdate(statement, context.now(), outer);
    let found = 0;
    for (const target of targetsOf({ engine, namespace, query, slices: at.slices })) {
      if (target) {
        if (change(target, apply, context.now())) at.tally.nModified++;
        at.tally.n++;
        found++;
      } else yield null;
    }
    if (found > 0 || !isUpsert) return;
    const { doc } = upsertOne(context, namespace, query.filter, apply);
    at.tally.n++;
    at.tally.upserted.push(
      new Map<string, Value>([
        ['index', int(index)],
        ['_id', doc.get('_id') as Value],
      ]),
    );
  });
  const { n, nModified, upserted } = tally;
  return answer(tally, {
    n: int(n),
    ...(upserted.length > 0 && { upserted }),
    nModified: int(nModified),
  });
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
  const { namespace } = command;
  const { engine } = context;
  const outer = environmentOf(command.body, context.now());
  const tally = await runBatch(command, context, command.docs('deletes'), function* (statement, _index, at) {
    const query = parseDelete(statement, context.now(), outer);
    for (const target of targetsOf({ engine, namespace, query, slices: at.slices })) {
      if (target) {
        target.collection.remove(target.stored);
        at.tally.n++;
      } else yield null;
    }
  });
  return answer(tally, { n: int(tally.n) });
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
export function change({ collection, stored }: Target, apply: ApplyUpdate, now: Date): boolean {
  return collection.replace(stored, apply(stored.doc, { isInsert: false, now }));
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
