import { outputOf } from '../aggregation/output';
import { fieldsRead } from '../aggregation/fields-read';
import { compilePipeline, stageOf, wantedBy } from '../aggregation/pipeline';
import type { Flow, PipelineContext } from '../aggregation/flow';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import type { Environment } from '../query/environment';
import { compileFilter } from '../query/matcher';
import { searchDocuments, searchFields, type Examined, type Query } from '../query/find';
import { parseSort } from '../query/sort';
import type { Stored } from '../storage/collection';
import type { Engine } from '../storage/engine';
import type { Pulse } from '../storage/slices';
import type { Command, CommandContext } from './command';
import { environmentOf } from './environment';
import { countedFlow } from './counting-pipeline';
import { cursorReply } from './read';

export const aggregateOptions = [
  'pipeline', 'cursor', 'allowDiskUse', 'hint', 'explain', 'bypassDocumentValidation', 'collation', 'let',
]; // prettier-ignore

export async function aggregate(command: Command, context: CommandContext): Promise<Doc> {
  command.allow(...aggregateOptions);
  const cursor = command.doc('cursor');
  if (!cursor)
    throw new StoreError(
      9,
      "The 'cursor' option is required, except for aggregate with the explain argument",
    );
  const { flow, output } = openPipeline(command, context);
  const batchSize = batchSizeOf(cursor);
  if (!output)
    return cursorReply(await context.cursors.begin(command.namespace, flow, { batchSize }), 'firstBatch');
  await output(flow, context);
  return cursorReply({ id: 0n, namespace: command.namespace, batch: [] }, 'firstBatch');
}

/** A pipeline that has been checked and not yet run. */
export function openPipeline(command: Command, { engine, now }: CommandContext, examined?: Examined) {
  const environment = environmentOf(command.body, now());
  const pipeline = command.docs('pipeline');
  const output = outputOf(pipeline, command.database, environment);
  const { query, rest } = splitSearch(
    output ? pipeline.slice(0, -1) : pipeline,
    environment,
    command.body.get('hint'),
  );
  const run = compilePipeline(rest, contextFor(engine, command.database, environment));
  const namespace = collectionOf(command);
  const counted = output ? null : countedFlow(engine.get(namespace), query, rest, examined);
  const fields = query.sort.length > 0 ? null : fieldsRead(query.filter, rest);
  return { flow: counted ?? run(search(engine, namespace, query, { examined, fields })), output, query };
}

/** `{aggregate: 1}` is about no collection. */
const collectionOf = (command: Command): string =>
  isNumber(command.body.get('aggregate')) ? `${command.database}.$cmd.aggregate` : command.namespace;

function contextFor(engine: Engine, database: string, environment: Environment): PipelineContext {
  const context: PipelineContext = {
    environment,
    read: (name, filter) =>
      search(engine, `${database}.${name}`, {
        filter,
        sort: [],
        skip: 0,
        limit: 0,
        hint: undefined,
        environment,
      }),
    run: (name, pipeline, inner) => {
      const { query, rest } = splitSearch(pipeline, inner, undefined);
      return compilePipeline(rest, { ...context, environment: inner })(
        search(engine, `${database}.${name}`, query),
      );
    },
  };
  return context;
}

/** What an index can do is taken from the beginning of a pipeline: `$match`, then `$sort`, then `$limit`. */
export function splitSearch(
  pipeline: Doc[],
  environment: Environment,
  hint: Value | undefined,
): { query: Query; rest: Doc[] } {
  const query: Query = { filter: new Map(), sort: [], skip: 0, limit: 0, hint, environment };
  const rest = [...pipeline];
  const take = (name: string): Value | undefined => {
    const [stage] = rest;
    if (!stage || stageOf(stage)[0] !== name) return undefined;
    rest.shift();
    return stageOf(stage)[1];
  };
  const match = take('$match');
  if (match !== undefined) {
    if (!isDoc(match)) throw new StoreError(15959, 'the match filter must be an expression in an object');
    compileFilter(match, environment);
    query.filter = match;
  }
  const [sort] = rest;
  const order = sort && stageOf(sort)[0] === '$sort' ? stageOf(sort)[1] : undefined;
  if (isDoc(order) && order.size > 0) {
    query.sort = parseSort(order);
    rest.shift();
    const wanted = wantedBy(rest);
    if (wanted < Infinity) query.limit = wanted;
  }
  return { query, rest };
}

interface Reading {
  examined?: Examined;
  /** Those that are read of each document; by default all. */
  fields?: string[] | null;
}

function search(engine: Engine, namespace: string, query: Query, { examined, fields }: Reading = {}): Flow {
  const collection = engine.get(namespace);
  if (!collection) return [];
  return fields
    ? searchFields(collection, query, fields, examined)
    : wholeDocuments(searchDocuments(collection, query, examined));
}

function* wholeDocuments(found: Iterable<Stored | Pulse>): Generator<Doc | Pulse> {
  for (const stored of found) yield stored && stored.doc;
}

function batchSizeOf(cursor: Doc): number | null {
  const size = cursor.get('batchSize');
  if (size === undefined) return null;
  if (!isNumber(size)) throw new StoreError(14, "BSON field 'cursor.batchSize' is the wrong type");
  if (toDouble(size) < 0) throw new StoreError(51024, "BSON field 'batchSize' value must be >= 0");
  return toDouble(size);
}
