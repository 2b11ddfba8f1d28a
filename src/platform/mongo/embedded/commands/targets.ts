import { searchDocuments, type Query } from '../query/find';
import { compileFilter } from '../query/matcher';
import type { Collection, Stored } from '../storage/collection';
import type { Engine } from '../storage/engine';
import type { Pulse, Slices } from '../storage/slices';

export interface Target {
  collection: Collection;
  stored: Stored;
}
interface Search {
  engine: Engine;
  namespace: string;
  query: Query;
  slices: Slices;
}

/** Found documents are held, not read again, up to so many bytes. */
const mostHeldBytes = 1024 * 1024;

/**
 * The documents that a command writes to, each as it is when it is given: what is read in another slice is read again
 * and must still match. To be changed at once, before the next is asked for.
 */
export const targetsOf = (search: Search): Generator<Target | Pulse> =>
  search.query.limit === 1 ? firstOf(search) : allOf(search);

function* firstOf(search: Search): Generator<Target | Pulse> {
  for (;;) {
    const startedIn = search.slices.count;
    const collection = search.engine.get(search.namespace);
    let found: Stored | null = null;
    for (const stored of collection ? searchDocuments(collection, search.query) : [])
      if (stored) {
        found = stored;
        break;
      } else yield null;
    if (!found || !collection) return;
    const target = current(search, collection, { found, isFresh: search.slices.count === startedIn });
    // Another has changed it meanwhile: then the next one is the first.
    if (target) return yield target;
  }
}

/** All are found before the first is given, so that none is met again where its change moves it. */
function* allOf(search: Search): Generator<Target | Pulse> {
  const collection = search.engine.get(search.namespace);
  if (!collection) return;
  const startedIn = search.slices.count;
  const all: (Stored | { recordId: number })[] = [];
  let held = 0;
  for (const stored of searchDocuments(collection, search.query)) {
    if (!stored) yield null;
    else {
      held += stored.bytes.length;
      all.push(held <= mostHeldBytes ? stored : { recordId: stored.recordId });
    }
  }
  for (const found of all) {
    const target = current(search, collection, { found, isFresh: search.slices.count === startedIn });
    if (target) yield target;
    yield null;
  }
}

function current(
  { engine, namespace, query }: Search,
  collection: Collection,
  { found, isFresh }: { found: Stored | { recordId: number }; isFresh: boolean },
): Target | null {
  if (isFresh && 'doc' in found) return { collection, stored: found };
  const now = engine.get(namespace);
  const stored = now?.id === collection.id ? now.get(found.recordId) : null;
  if (!now || !stored || !compileFilter(query.filter, query.environment)(stored.doc)) return null;
  return { collection: now, stored };
}
