import type { Int32 } from 'bson';
import { stageOf } from '../aggregation/pipeline';
import type { Flow } from '../aggregation/flow';
import { isDoc, isNumber, toDouble, typeNumber, type Doc, type Value } from '../bson/value';
import type { Examined, Query } from '../query/find';
import type { Collection } from '../storage/collection';
import { coveredCount, windowed } from './covered-count';
import { int } from './reply';

interface Counting {
  skip: number;
  limit: number;
  id: Value;
  field: string;
}

/**
 * A driver's `countDocuments` is a pipeline: what matches, without some, not more than some, in one group with their
 * number. Where the keys of an index say what matches, they are counted instead. Null for any other pipeline.
 */
export function countedFlow(
  collection: Collection | null,
  query: Query,
  rest: Doc[],
  examined?: Examined,
): Flow | null {
  const counting = query.sort.length === 0 ? countingOf(rest) : null;
  const parts =
    counting &&
    collection &&
    coveredCount(collection, { ...query, skip: counting.skip, limit: counting.limit }, examined);
  return parts ? counted(parts, counting) : null;
}

function* counted(parts: Iterable<number>, { skip, limit, id, field }: Counting): Generator<Doc | null> {
  let all = 0;
  for (const part of parts) {
    all += part;
    yield null;
  }
  const count = windowed(all, { skip, limit });
  const group = new Map<string, Value>([
    ['_id', id],
    [field, int(count)],
  ]);
  if (count > 0) yield group;
}

function countingOf(stages: Doc[]): Counting | null {
  const rest = stages.map(stageOf);
  const number = (name: string): number => (rest[0]?.[0] === name ? wholeOf(rest.shift()?.[1]) : 0);
  const [skip, limit] = [number('$skip'), number('$limit')];
  const [last] = rest;
  if (rest.length !== 1 || last?.[0] !== '$group' || !isDoc(last[1]) || last[1].size !== 2) return null;
  const id = last[1].get('_id');
  const [[field, sum] = ['', null]] = [...last[1]].filter(([key]) => key !== '_id');
  if (id !== null && !isNumber(id)) return null;
  const one = isDoc(sum) && sum.size === 1 ? sum.get('$sum') : undefined;
  const isCount = one !== undefined && typeNumber(one) === 16 && toDouble(one as Int32) === 1;
  return isCount && field && skip >= 0 && limit >= 0 ? { skip, limit, id, field } : null;
}

/** Below zero where it is no number that such a stage takes: then the stage itself says so. */
function wholeOf(value: Value | undefined): number {
  const number = isNumber(value) ? toDouble(value) : -1;
  return Number.isInteger(number) ? number : -1;
}
