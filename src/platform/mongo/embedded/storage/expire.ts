import { isDoc } from '../bson/value';
import { valuesAt } from '../query/path';
import { sortValue } from '../query/sort';
import type { Engine } from './engine';

const mostAtOnce = 1_000;

/** Removes the documents whose time is over (TTL indexes). */
export async function removeExpired(engine: Engine, now: Date): Promise<void> {
  await engine.table.transaction(() => {
    for (const database of engine.databases())
      for (const collection of engine.list(database))
        for (const index of collection.indexes) {
          const [field] = index.fields;
          if (index.expireAfterSeconds === null || !field) continue;
          const before = now.getTime() - index.expireAfterSeconds * 1_000;
          const gone = [...collection.scan()].filter(({ doc }) => {
            const oldest = valuesAt(doc, field.path).length > 0 ? sortValue(doc, field.path, 1) : null;
            return oldest instanceof Date && !isDoc(oldest) && oldest.getTime() <= before;
          });
          for (const stored of gone.slice(0, mostAtOnce)) collection.remove(stored);
        }
  });
}
