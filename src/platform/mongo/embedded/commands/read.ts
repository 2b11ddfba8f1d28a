import { equal } from '../bson/compare';
import { isDoc, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { findDocuments, type Examined, type Query } from '../query/find';
import { compileFilter } from '../query/matcher';
import { valuesAt } from '../query/path';
import { compileProjection } from '../query/projection';
import { parseSort } from '../query/sort';
import { int, reply } from './reply';
import type { Command, CommandContext } from './command';

const findOptions = [
  'filter',
  'projection',
  'sort',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
  'hint',
  'noCursorTimeout',
  'allowDiskUse',
  'allowPartialResults',
];

export function find(command: Command, { engine, cursors }: CommandContext): Doc {
  command.allow(...findOptions);
  const query = queryOf(command);
  const project = compileProjection(command.doc('projection'));
  const collection = engine.get(command.namespace);
  compileFilter(query.filter);
  const found = collection
    ? [...findDocuments(collection, query)].map(({ doc }) => (project ? project(doc) : doc))
    : [];
  const batchSize = command.body.has('batchSize') ? command.count('batchSize') : null;
  if (command.flag('singleBatch'))
    return cursorReply(command.namespace, 0n, found.slice(0, batchSize ?? found.length), 'firstBatch');
  const { id, batch } = cursors.begin(command.namespace, found, batchSize);
  return cursorReply(command.namespace, id, batch, 'firstBatch');
}

export function getMore(command: Command, { cursors }: CommandContext): Doc {
  command.allow('collection', 'batchSize');
  const id = command.body.get('getMore');
  if (typeof id !== 'bigint')
    throw new StoreError(14, "BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
  const batchSize = command.count('batchSize');
  const next = cursors.next(id, batchSize === 0 ? null : batchSize);
  return cursorReply(next.namespace, next.id, next.batch, 'nextBatch');
}

export function killCursors(command: Command, { cursors }: CommandContext): Doc {
  const ids = (command.body.get('cursors') ?? []) as bigint[];
  const killed = ids.filter((id) => cursors.kill(id));
  return reply({
    cursorsKilled: killed,
    cursorsNotFound: ids.filter((id) => !killed.includes(id)),
    cursorsAlive: [],
    cursorsUnknown: [],
  });
}

export function count(command: Command, { engine }: CommandContext): Doc {
  command.allow('query', 'limit', 'skip', 'hint', 'fields');
  const limit = Math.abs(command.count('limit'));
  const skip = command.count('skip');
  if (skip < 0) throw new StoreError(51024, "BSON field 'skip' value must be >= 0");
  const query: Query = {
    filter: command.doc('query') ?? new Map(),
    sort: [],
    skip,
    limit,
    hint: command.body.get('hint'),
  };
  compileFilter(query.filter);
  const collection = engine.get(command.namespace);
  let n = 0;
  if (collection) for (const _found of findDocuments(collection, query)) n++;
  return reply({ n: int(n) });
}

export function distinct(command: Command, { engine }: CommandContext): Doc {
  command.allow('key', 'query', 'hint');
  const key = command.body.get('key');
  if (typeof key !== 'string')
    throw new StoreError(key === undefined ? 40414 : 14, "BSON field 'distinct.key' must be a string");
  const query: Query = {
    filter: command.doc('query') ?? new Map(),
    sort: [],
    skip: 0,
    limit: 0,
    hint: undefined,
  };
  compileFilter(query.filter);
  const collection = engine.get(command.namespace);
  const values: Value[] = [];
  for (const { doc } of collection ? findDocuments(collection, query) : [])
    for (const value of valuesAt(doc, key).flatMap((one) => (Array.isArray(one) ? one : [one])))
      if (value !== undefined && !values.some((known) => equal(known, value))) values.push(value);
  return reply({ values });
}

/** How a find would be carried out, and what it looked at. */
export function explain(command: Command, { engine }: CommandContext): Doc {
  const inner = command.doc('explain') ?? new Map<string, Value>();
  if ([...inner.keys()][0] !== 'find') throw notSupported(`explain of ${[...inner.keys()][0] ?? 'nothing'}`);
  const namespace = `${command.database}.${String(inner.get('find'))}`;
  const query = queryFrom(inner);
  const collection = engine.get(namespace);
  const examined: Examined = { keys: 0, docs: 0, plan: null };
  const found = collection ? [...findDocuments(collection, query, examined)].length : 0;
  const scan: Doc = examined.plan
    ? reply({
        stage: 'FETCH',
        inputStage: reply({
          stage: 'IXSCAN',
          indexName: examined.plan.index.name,
          keyPattern: examined.plan.index.spec.get('key') as Value,
          direction: examined.plan.reverse ? 'backward' : 'forward',
        }),
      })
    : reply({ stage: 'COLLSCAN', direction: 'forward' });
  const winningPlan =
    query.sort.length > 0 && !examined.plan?.sorted ? reply({ stage: 'SORT', inputStage: scan }) : scan;
  return reply({
    queryPlanner: reply({ namespace, winningPlan, rejectedPlans: [] }),
    executionStats: reply({
      executionSuccess: true,
      nReturned: int(found),
      totalKeysExamined: int(examined.keys),
      totalDocsExamined: int(examined.docs),
    }),
  });
}

function queryOf(command: Command): Query {
  const [skip, limit] = [command.count('skip'), command.count('limit')];
  if (skip < 0) throw new StoreError(51024, "BSON field 'skip' value must be >= 0");
  if (limit < 0) throw new StoreError(51024, "BSON field 'limit' value must be >= 0");
  if (command.count('batchSize') < 0)
    throw new StoreError(51024, "BSON field 'batchSize' value must be >= 0");
  return {
    filter: command.doc('filter') ?? new Map(),
    sort: parseSort(command.doc('sort')),
    skip,
    limit,
    hint: command.body.get('hint'),
  };
}

function queryFrom(inner: Doc): Query {
  const filter = inner.get('filter');
  const sort = inner.get('sort');
  return {
    filter: isDoc(filter) ? filter : new Map(),
    sort: parseSort(isDoc(sort) ? sort : undefined),
    skip: 0,
    limit: Number(String(inner.get('limit') ?? 0)),
    hint: inner.get('hint'),
  };
}

export function cursorReply(
  namespace: string,
  id: bigint,
  batch: Doc[],
  key: 'firstBatch' | 'nextBatch',
): Doc {
  return reply({ cursor: reply({ [key]: batch, id, ns: namespace }, false) });
}
