import { StoreError } from '../error';
import { isDoc, type Doc, type Value } from '../bson/value';
import type { Collection, Stored } from '../storage/collection';
import { compileFilter } from './matcher';
import { choosePlan, type IndexPlan } from './planner';
import { comparator, refuseParallelArrays, type SortField } from './sort';

export interface Query {
  filter: Doc;
  sort: SortField[];
  skip: number;
  /** 0: all. */
  limit: number;
  hint: Value | undefined;
}
export interface Examined {
  keys: number;
  docs: number;
  plan: IndexPlan | null;
}

/** Documents that match, in the order asked for, one after the other. */
export function* findDocuments(
  collection: Collection,
  query: Query,
  examined: Examined = { keys: 0, docs: 0, plan: null },
): Generator<Stored> {
  const matches = compileFilter(query.filter);
  const plan = choosePlan(collection.indexes, query.filter, query.sort, hintName(collection, query.hint));
  examined.plan = plan;
  const found = matching(collection, plan, matches, examined);
  const ordered = query.sort.length === 0 || plan?.sorted ? found : sorted(found, query.sort);
  let skipped = 0;
  let given = 0;
  for (const stored of ordered) {
    if (skipped++ < query.skip) continue;
    yield stored;
    if (query.limit > 0 && ++given >= query.limit) return;
  }
}

function* matching(
  collection: Collection,
  plan: IndexPlan | null,
  matches: (doc: Doc) => boolean,
  examined: Examined,
): Generator<Stored> {
  for (const stored of plan ? planned(collection, plan, examined) : collection.scan()) {
    examined.docs++;
    if (matches(stored.doc)) yield stored;
  }
}

/** A document can stand under several keys: it comes once. */
function* planned(collection: Collection, plan: IndexPlan, examined: Examined): Generator<Stored> {
  const seen = new Set<number>();
  for (const { from, to } of plan.ranges) {
    if (Buffer.compare(from, to) >= 0) continue;
    for (const recordId of collection.scanIndex(plan.index, from, to, plan.reverse)) {
      examined.keys++;
      if (seen.has(recordId)) continue;
      seen.add(recordId);
      const stored = collection.get(recordId);
      if (stored) yield stored;
    }
  }
}

function sorted(found: Iterable<Stored>, sort: SortField[]): Stored[] {
  const order = comparator(sort);
  const all = [...found];
  for (const { doc } of all) refuseParallelArrays(doc, sort);
  return all.sort((a, b) => order(a.doc, b.doc) || a.recordId - b.recordId);
}

function hintName(collection: Collection, hint: Value | undefined): string | null {
  if (hint === undefined) return null;
  const index = collection.indexes.find(
    ({ name, spec }) => name === hint || (isDoc(hint) && sameKeys(spec.get('key') as Doc, hint)),
  );
  if (!index) throw new StoreError(2, 'planner returned error: bad hint');
  return index.name;
}

export const sameKeys = (a: Doc, b: Doc): boolean =>
  a.size === b.size &&
  [...a].every(([key, value], at) => [...b][at]?.[0] === key && String([...b][at]?.[1]) === String(value));
