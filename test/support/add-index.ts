import type { Doc } from '../../src/platform/mongo/embedded/bson/value';
import { buildIndexes } from '../../src/platform/mongo/embedded/storage/build-indexes';
import type { Collection } from '../../src/platform/mongo/embedded/storage/collection';
import type { Engine } from '../../src/platform/mongo/embedded/storage/engine';

/** Inside a transaction: an index at once, without turns. */
export function addIndex(engine: Engine, collection: Collection, spec: Doc): void {
  for (const _pulse of buildIndexes(engine, collection, [spec]));
}
