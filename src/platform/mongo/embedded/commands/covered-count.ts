import { plansOf, type Examined, type Query } from '../query/find';
import type { IndexPlan } from '../query/planner';
import type { Collection } from '../storage/collection';

/**
 * Counts from the keys of an index alone, when its ranges say all that the filter says. Null when documents must be
 * read. In parts, so that others can go first.
 */
export function coveredCount(
  collection: Collection,
  query: Query,
  examined?: Examined,
): Iterable<number> | null {
  const most = query.limit > 0 ? query.skip + query.limit : Infinity;
  if (query.filter.size === 0 && query.hint === undefined)
    return counts(collection, wholeOf(collection), most, examined);
  const plan = plansOf(collection, query).find(({ covers }) => covers);
  if (!plan) return null;
  if (examined) examined.plan = plan;
  return counts(collection, plan, most, examined);
}

/** What is left of a count without the first ones, and at most so many. */
export const windowed = (count: number, { skip, limit }: Pick<Query, 'skip' | 'limit'>): number =>
  Math.min(Math.max(0, count - skip), limit > 0 ? limit : Infinity);

function wholeOf(collection: Collection): Pick<IndexPlan, 'index' | 'ranges'> {
  const [index] = collection.indexes;
  if (!index) throw new RangeError(`${collection.namespace} has no index of its ids`);
  return { index, ranges: [{ from: Buffer.alloc(0), to: Buffer.alloc(64, 255), shared: 0 }] };
}

function* counts(
  collection: Collection,
  { index, ranges }: Pick<IndexPlan, 'index' | 'ranges'>,
  most: number,
  examined?: Examined,
): Generator<number> {
  let counted = 0;
  for (const { from, to } of ranges)
    for (const part of collection.countKeys(index, from, to, most - counted)) {
      counted += part;
      if (examined) examined.keys += part;
      yield part;
      if (counted >= most) return;
    }
}
