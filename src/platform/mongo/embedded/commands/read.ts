import { keyText } from '../bson/key';
import { RawDocument, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { folded } from '../query/collation';
import { searchDocuments, type Query } from '../query/find';
import { valuesAt } from '../query/path';
import { compileProjection, type Project } from '../query/projection';
import type { Collection } from '../storage/collection';
import { coveredCount, windowed } from './covered-count';
import type { Command, CommandContext } from './command';
import type { Batch } from './cursors';
import { countAt, queryOf } from './query';
import { int, reply } from './reply';

export const findOptions = [
  'filter', 'projection', 'sort', 'skip', 'limit', 'batchSize', 'singleBatch', 'hint', 'noCursorTimeout',
  'allowDiskUse', 'allowPartialResults', 'collation', 'let',
]; // prettier-ignore

export const countOptions = ['query', 'limit', 'skip', 'hint', 'fields', 'collation'];
export const distinctOptions = ['key', 'query', 'hint', 'collation'];

export async function find(command: Command, { engine, cursors, now }: CommandContext): Promise<Doc> {
  command.allow(...findOptions);
  const { body, namespace } = command;
  const query = queryOf(body, now());
  const batchSize = body.has('batchSize') ? countAt(body, 'batchSize') : null;
  const project = compileProjection(command.doc('projection'), query);
  const collection = engine.get(namespace);
  const found = collection ? results(collection, query, project) : [];
  const options = {
    batchSize,
    isSingle: command.flag('singleBatch'),
    neverExpires: command.flag('noCursorTimeout'),
  };
  return cursorReply(await cursors.begin(namespace, found, options), 'firstBatch');
}

/** Without a projection the stored bytes are the answer. */
function* results(
  collection: Collection,
  query: Query,
  project: Project | null,
): Generator<Doc | Buffer | null> {
  for (const stored of searchDocuments(collection, query))
    yield stored && (project ? project(stored.doc) : stored.bytes);
}

export async function getMore(command: Command, { cursors }: CommandContext): Promise<Doc> {
  command.allow('collection', 'batchSize');
  const id = command.body.get('getMore');
  if (typeof id !== 'bigint')
    throw new StoreError(14, "BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
  const collection = command.body.get('collection');
  if (typeof collection !== 'string')
    throw new StoreError(
      collection === undefined ? 40414 : 14,
      "BSON field 'getMore.collection' must be a string",
    );
  const batchSize = countAt(command.body, 'batchSize');
  const next = await cursors.next(
    id,
    `${command.database}.${collection}`,
    batchSize === 0 ? null : batchSize,
  );
  return cursorReply(next, 'nextBatch');
}

export function killCursors(command: Command, { cursors }: CommandContext): Doc {
  const ids = command.body.get('cursors');
  if (!Array.isArray(ids) || ids.some((id) => typeof id !== 'bigint'))
    throw new StoreError(
      ids === undefined ? 40414 : 14,
      "BSON field 'killCursors.cursors' must be an array of longs",
    );
  const killed = ids.filter((id) => cursors.kill(id as bigint));
  return reply({
    cursorsKilled: killed,
    cursorsNotFound: ids.filter((id) => !killed.includes(id)),
    cursorsAlive: [],
    cursorsUnknown: [],
  });
}

export async function count(command: Command, { engine, turns, now }: CommandContext): Promise<Doc> {
  command.allow(...countOptions);
  const limit = Math.abs(command.count('limit'));
  const query = { ...queryOf(withoutLimit(command.body), now(), 'query'), limit };
  const collection = engine.get(command.namespace);
  if (!collection) return reply({ n: int(0) });
  const covered = coveredCount(collection, query);
  if (covered) return reply({ n: int(windowed(await turns.sum(covered), query)) });
  return reply({ n: int(await turns.each(searchDocuments(collection, query))) });
}

/** A negative limit is as good as a positive one. */
const withoutLimit = (body: Doc): Doc => new Map([...body].filter(([key]) => key !== 'limit'));

export async function distinct(command: Command, { engine, turns, now }: CommandContext): Promise<Doc> {
  command.allow(...distinctOptions);
  const key = command.body.get('key');
  if (typeof key !== 'string')
    throw new StoreError(key === undefined ? 40414 : 14, "BSON field 'distinct.key' must be a string");
  const query = queryOf(command.body, now(), 'query');
  const collection = engine.get(command.namespace);
  const { fold } = query.environment;
  const values = new Map<string, Value>();
  await turns.each(collection ? searchDocuments(collection, query) : [], ({ doc }) => {
    for (const value of valuesAt(doc, key).flatMap((one) => (Array.isArray(one) ? one : [one]))) {
      if (value === undefined) continue;
      const same = keyText(fold ? folded(value, fold) : value);
      if (!values.has(same)) values.set(same, value);
    }
  });
  return reply({ values: [...values.values()] });
}

export function cursorReply({ id, namespace, batch }: Batch, key: 'firstBatch' | 'nextBatch'): Doc {
  const documents = batch.map((bytes) => new RawDocument(bytes));
  return reply({
    cursor: new Map<string, Value>([
      [key, documents],
      ['id', id],
      ['ns', namespace],
    ]),
  });
}
