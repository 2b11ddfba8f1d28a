import { StoreError } from '../error';
import { encode } from '../bson/encode';
import { excerptOf } from '../bson/excerpt';
import { isDoc, type Doc, type Value } from '../bson/value';
import type { Collection, Stored } from '../storage/collection';
import type { Pulse } from '../storage/slices';
import type { Environment } from './environment';
import { compileFilter, type Matches } from './matcher';
import { bestPlans, type IndexPlan } from './planner';
import { race, type Runner } from './race';
import { readPlan } from './read-plan';
import { naturalOrder, orderOf, type SortField } from './sort';
import { Sorter } from './sorter';

export interface Query {
  filter: Doc;
  sort: SortField[];
  skip: number;
  /** 0: all. */
  limit: number;
  hint: Value | undefined;
  environment: Environment;
}
export interface Examined {
  keys: number;
  docs: number;
  plan: IndexPlan | null;
}
export const nothingExamined = (): Examined => ({ keys: 0, docs: 0, plan: null });

const pulseEvery = 100;
const nothing = Buffer.alloc(0);
/** How a document is read that an index leads to. */
type Get = (recordId: number) => Stored | null;

/** Documents that match, in the order asked for, one after the other; and pulses on the way. */
export function* searchDocuments(
  collection: Collection,
  query: Query,
  examined: Examined = nothingExamined(),
  get: Get = (recordId) => collection.get(recordId),
): Generator<Stored | Pulse> {
  const matches = compileFilter(query.filter, query.environment);
  const runners = plansOf(collection, query).map((plan) => ({
    plan,
    source: planned({ collection, query, get }, plan, examined),
    mustEnd: query.sort.length > 0 && !plan.sorted,
    found: [],
  }));
  const winner = yield* race(runners, { matches, examined, wanted: wantedBy(query) });
  const plan = winner?.plan ?? null;
  examined.plan = plan;
  const isSorted = query.sort.length === 0 || plan?.sorted || naturalOrder(query.sort) !== null;
  const found = winner
    ? winning(winner, matches, examined)
    : matching(collection.scan(naturalOrder(query.sort) === -1), matches, examined);
  let skipped = 0;
  let given = 0;
  for (const stored of isSorted ? found : sorted(found, query)) {
    if (stored && skipped++ < query.skip) continue;
    yield stored;
    if (stored && query.limit > 0 && ++given >= query.limit) return;
  }
}

/** Documents that match, and of them these fields: no more of each is read, unless they must be sorted. */
export function* searchFields(
  collection: Collection,
  query: Query,
  names: readonly string[],
  examined: Examined = nothingExamined(),
): Generator<Doc | Pulse> {
  const read = excerptOf(names);
  if (query.sort.length > 0 || query.hint !== undefined || plansOf(collection, query).length > 0) {
    const get: Get = (recordId) => {
      const doc = collection.excerpt(recordId, read);
      return doc && { recordId, doc, bytes: nothing };
    };
    const isSorted = query.sort.length > 0;
    for (const stored of searchDocuments(collection, query, examined, isSorted ? undefined : get))
      yield stored && stored.doc;
    return;
  }
  const matches = query.filter.size > 0 ? compileFilter(query.filter, query.environment) : null;
  for (const docs of collection.excerpts(read))
    for (const doc of docs) {
      if (++examined.docs % pulseEvery === 0) yield null;
      if (!matches || matches(doc)) yield doc;
    }
}

/** The same without pulses, for what must not be interrupted. */
export function* findDocuments(collection: Collection, query: Query, examined?: Examined): Generator<Stored> {
  for (const stored of searchDocuments(collection, query, examined)) if (stored) yield stored;
}

/** Plans that may be the best; none is a full scan. */
export function plansOf(collection: Collection, query: Query): IndexPlan[] {
  const { filter, sort, hint, limit, environment } = query;
  const name = hintName(collection, hint);
  if (name === '$natural' || naturalOrder(sort) !== null) return [];
  return bestPlans(collection.indexes, {
    filter,
    sort,
    hint: name,
    isLimited: limit > 0,
    collation: environment.collation,
  });
}

const wantedBy = ({ skip, limit }: Query): number => (limit > 0 ? skip + limit : Infinity);

/** What it found in the race, and then the rest. */
function* winning(winner: Runner, matches: Matches, examined: Examined): Generator<Stored | Pulse> {
  yield* winner.found;
  yield* matching(winner.source, matches, examined);
}

function* matching(
  source: Iterable<Stored | Pulse>,
  matches: Matches,
  examined: Examined,
): Generator<Stored | Pulse> {
  for (const stored of source) {
    if (!stored || ++examined.docs % pulseEvery === 0) yield null;
    if (stored && matches(stored.doc)) yield stored;
  }
}

/** A document can stand under several keys: it comes once. */
function* planned(
  { collection, query, get }: { collection: Collection; query: Query; get: Get },
  plan: IndexPlan,
  examined: Examined,
): Generator<Stored | Pulse> {
  const wanted = wantedBy(query);
  const expected = plan.isExact ? 1 : wanted < Infinity ? wanted : undefined;
  const seen = plan.index.isMultikey || plan.ranges.length > 1 ? new Set<number>() : null;
  for (const recordId of readPlan(collection, plan, { expected, examined })) {
    if (recordId === null) {
      yield null;
      continue;
    }
    if (seen?.has(recordId)) continue;
    seen?.add(recordId);
    const stored = get(recordId);
    if (stored) yield stored;
    if (plan.isExact) return;
  }
}

/** Only as many as are asked for are kept, with room to spare. */
function* sorted(found: Iterable<Stored | Pulse>, query: Query): Generator<Stored | Pulse> {
  const { sort, environment } = query;
  const sorter = new Sorter(orderOf(sort, environment.collate), environment.memory, wantedBy(query));
  try {
    for (const stored of found) {
      if (stored) yield* sorter.add({ doc: stored.doc, place: stored.recordId });
      else yield null;
    }
    for (const one of sorter.sorted())
      yield one && { recordId: one.place, doc: one.doc, bytes: encode(one.doc) };
  } finally {
    sorter.close();
  }
}

function hintName(collection: Collection, hint: Value | undefined): string | null {
  if (hint === undefined || (isDoc(hint) && hint.size === 0)) return null;
  if (isDoc(hint) && hint.has('$natural')) return '$natural';
  const index = collection.indexes.find(
    ({ name, spec }) => name === hint || (isDoc(hint) && sameKeys(spec.get('key') as Doc, hint)),
  );
  if (!index)
    throw new StoreError(
      2,
      'error processing query: planner returned error: hint provided does not correspond to an existing index',
    );
  return index.name;
}

export const sameKeys = (a: Doc, b: Doc): boolean =>
  a.size === b.size &&
  [...a].every(([key, value], at) => [...b][at]?.[0] === key && String([...b][at]?.[1]) === String(value));
