import { planOf, type Query } from '../query/find';
import type { IndexPlan } from '../query/planner';
import type { Collection } from '../storage/collection';

/**
 * Counts from the keys of an index alone, when its ranges say all that the filter says. Null when documents must be
 * read. One item for each document, so that others can go first.
 */
export function coveredCount(collection: Collection, query: Query): Iterable<true> | null {
  if (query.filter.size === 0 && query.hint === undefined) return keys(collection, wholeOf(collection));
  const plan = planOf(collection, query);
  return plan?.covers ? keys(collection, plan) : null;
}

function wholeOf(collection: Collection): Pick<IndexPlan, 'index' | 'ranges'> {
  const [index] = collection.indexes;
  if (!index) throw new RangeError(`${collection.namespace} has no index of its ids`);
  return { index, ranges: [{ from: Buffer.alloc(0), to: Buffer.alloc(64, 255) }] };
}

function* keys(
  collection: Collection,
  { index, ranges }: Pick<IndexPlan, 'index' | 'ranges'>,
): Generator<true> {
  for (const { from, to } of ranges)
    if (Buffer.compare(from, to) < 0)
      for (const _id of collection.scanIndex(index, from, to, false)) yield true;
}
