import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { findDocuments } from '../query/find';
import { compileFilter } from '../query/matcher';
import { compileProjection } from '../query/projection';
import { comparator, parseSort } from '../query/sort';
import type { Command, CommandContext } from './command';
import { cursorReply } from './read';
import { int } from './reply';

type Stage = (docs: Doc[]) => Doc[];

/** The stages that counting and paging need; every other is an error. */
export function aggregate(command: Command, { engine, cursors }: CommandContext): Doc {
  command.allow('pipeline', 'cursor', 'allowDiskUse', 'hint', 'explain', 'bypassDocumentValidation');
  if (command.flag('explain')) throw notSupported('explain of aggregate');
  const cursor = command.doc('cursor');
  if (!cursor)
    throw new StoreError(
      9,
      "The 'cursor' option is required, except for aggregate with the explain argument",
    );
  const stages = command.docs('pipeline');
  const [first] = stages;
  const filter = first?.size === 1 ? first.get('$match') : undefined;
  const rest = isDoc(filter) ? stages.slice(1) : stages;
  const compiled = rest.map(compileStage);
  const query = {
    filter: isDoc(filter) ? filter : new Map<string, Value>(),
    sort: [],
    skip: 0,
    limit: 0,
    hint: command.body.get('hint'),
  };
  compileFilter(query.filter);
  const collection = engine.get(command.namespace);
  const docs = collection ? [...findDocuments(collection, query)].map(({ doc }) => doc) : [];
  const result = compiled.reduce((current, stage) => stage(current), docs);
  const size = cursor.get('batchSize');
  const { id, batch } = cursors.begin(command.namespace, result, isNumber(size) ? toDouble(size) : null);
  return cursorReply(command.namespace, id, batch, 'firstBatch');
}

const known = new Set(
  [
    'addFields',
    'bucket',
    'bucketAuto',
    'changeStream',
    'collStats',
    'densify',
    'documents',
    'facet',
    'fill',
    'geoNear',
    'graphLookup',
    'group',
    'indexStats',
    'lookup',
    'merge',
    'out',
    'project',
    'redact',
    'replaceRoot',
    'replaceWith',
    'sample',
    'search',
    'set',
    'setWindowFields',
    'sortByCount',
    'unionWith',
    'unset',
    'unwind',
  ].map((name) => `$${name}`),
);

function compileStage(stage: Doc): Stage {
  if (stage.size !== 1)
    throw new StoreError(40323, 'A pipeline stage specification object must contain exactly one field.');
  const [[name, value]] = [...stage] as [[string, Value]];
  switch (name) {
    case '$match': {
      if (!isDoc(value)) throw new StoreError(15959, 'the match filter must be an expression in an object');
      const matches = compileFilter(value);
      return (docs) => docs.filter(matches);
    }
    case '$sort': {
      if (!isDoc(value)) throw new StoreError(15973, 'the $sort key specification must be an object');
      if (value.size === 0) throw new StoreError(15976, '$sort stage must have at least one sort key');
      const order = comparator(parseSort(value));
      return (docs) => [...docs].sort(order);
    }
    case '$skip': {
      const skip = whole(value, 0, { code: 5107200 });
      return (docs) => docs.slice(skip);
    }
    case '$limit': {
      const limit = whole(value, 1, { code: 5107201, zero: 15958 });
      return (docs) => docs.slice(0, limit);
    }
    case '$count':
      return counting(value);
    case '$group':
      return grouping(value);
    case '$project': {
      if (!isDoc(value) || value.size === 0)
        throw new StoreError(
          value instanceof Map ? 51272 : 15969,
          '$project specification must be a non-empty object',
        );
      const project = compileProjection(value);
      return (docs) => (project ? docs.map(project) : docs);
    }
    default:
      throw known.has(name)
        ? notSupported(name)
        : new StoreError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
}

function counting(name: Value): Stage {
  if (typeof name !== 'string' || name === '' || name.startsWith('$') || name.includes('.'))
    throw new StoreError(40156, 'the count field must be a non-empty string');
  return (docs) => (docs.length === 0 ? [] : [new Map([[name, int(docs.length)]])]);
}

/** `{_id: constant, n: {$sum: 1}}`: how drivers count. */
function grouping(value: Value): Stage {
  if (!isDoc(value)) throw new StoreError(15947, "a group's fields must be specified in an object");
  const id = value.get('_id');
  if (id === undefined) throw new StoreError(15955, 'a group specification must include an _id');
  if (typeof id === 'string' || (typeof id === 'object' && id !== null && !isNumber(id)))
    throw notSupported('$group by a field');
  const sums = [...value].filter(([key]) => key !== '_id');
  for (const [key, sum] of sums) {
    const one = isDoc(sum) && sum.size === 1 ? sum.get('$sum') : undefined;
    if (!isNumber(one) || toDouble(one) !== 1) throw notSupported(`this accumulator of $group (${key})`);
  }
  return (docs) =>
    docs.length === 0
      ? []
      : [
          new Map<string, Value>([
            ['_id', id],
            ...sums.map(([key]): [string, Value] => [key, int(docs.length)]),
          ]),
        ];
}

function whole(value: Value, least: number, { code, zero = code }: { code: number; zero?: number }): number {
  const number = isNumber(value) ? toDouble(value) : NaN;
  if (Number.isInteger(number) && number >= least) return number;
  throw new StoreError(number === 0 ? zero : code, 'the value must be a whole number that fits');
}
