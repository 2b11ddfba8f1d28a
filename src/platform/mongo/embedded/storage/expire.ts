import { keyPart } from '../bson/key';
import { sortValue } from '../query/sort';
import type { Collection } from './collection';
import type { Engine } from './engine';
import type { IndexDefinition } from './index-definition';

const mostAtOnce = 1_000;

/** Removes the documents whose time is over (TTL indexes), oldest first, found by the index itself. */
export async function removeExpired(engine: Engine, now: Date): Promise<void> {
  for (const database of engine.databases())
    for (const collection of engine.list(database))
      for (const index of collection.indexes)
        if (index.expireAfterSeconds !== null && index.fields.length === 1)
          await engine.table.transaction(() => expire(collection, index, now));
}

function expire(collection: Collection, index: IndexDefinition, now: Date): void {
  const [field] = index.fields;
  if (!field) return;
  const last = new Date(now.getTime() - (index.expireAfterSeconds ?? 0) * 1_000);
  const [first, end] = [keyPart(new Date(-8.64e15)), keyPart(last)];
  const isDown = field.direction === -1;
  const keys = isDown
    ? collection.scanIndex(index, keyPart(last, true), keyPart(new Date(-8.64e15), true), true)
    : collection.scanIndex(index, first, Buffer.concat([end, Buffer.of(255)]), false);
  const gone: number[] = [];
  for (const recordId of keys) if (gone.push(recordId) >= mostAtOnce) break;
  for (const recordId of new Set(gone)) {
    const stored = collection.get(recordId);
    // Where the field is an array, its oldest date counts.
    const oldest = stored && sortValue(stored.doc, field.path, 1);
    if (stored && oldest instanceof Date && oldest <= last) collection.remove(stored);
  }
}
