import { keyPart } from '../bson/key';
import { sortValue } from '../query/sort';
import type { Collection } from './collection';
import type { Engine } from './engine';
import type { IndexDefinition } from './index-definition';

const mostAtOnce = 1_000;

/** Removes the documents whose time is over (TTL indexes), oldest first, found by the index itself. */
export async function removeExpired(engine: Engine, now: Date): Promise<void> {
  for (const database of engine.databases())
    for (const { namespace, indexes } of engine.list(database))
      for (const { name } of indexes.filter(isExpiring))
        while (
          (await engine.table.transaction(() => expire(engine.get(namespace), name, now))) === mostAtOnce
        );
}

const isExpiring = ({ expireAfterSeconds, fields }: IndexDefinition): boolean =>
  expireAfterSeconds !== null && fields.length === 1;

/** How many were removed. The collection is looked up in the step: what is known of it from before may be gone. */
function expire(collection: Collection | null, name: string, now: Date): number {
  const index = collection?.indexes.find((one) => one.name === name && isExpiring(one));
  if (!collection || !index) return 0;
  const [field] = index.fields;
  if (!field) return 0;
  const last = new Date(now.getTime() - (index.expireAfterSeconds ?? 0) * 1_000);
  const [first, end] = [keyPart(new Date(-8.64e15)), keyPart(last)];
  const isDown = field.direction === -1;
  const keys = isDown
    ? collection.scanIndex(index, keyPart(last, true), keyPart(new Date(-8.64e15), true), true)
    : collection.scanIndex(index, first, Buffer.concat([end, Buffer.of(255)]), false);
  const gone: number[] = [];
  for (const recordId of keys) if (gone.push(recordId) >= mostAtOnce) break;
  let removed = 0;
  for (const recordId of new Set(gone)) {
    const stored = collection.get(recordId);
    // Where the field is an array, its oldest date counts.
    const oldest = stored && sortValue(stored.doc, field.path, 1);
    if (!stored || !(oldest instanceof Date) || oldest > last) continue;
    collection.remove(stored);
    removed++;
  }
  return removed;
}
