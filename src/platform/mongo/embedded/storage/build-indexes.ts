import type { Doc } from '../bson/value';
import { StoreError } from '../error';
import type { Collection } from './collection';
import type { Engine } from './engine';
import type { IndexBuild } from './index-build';
import { Slices, type Pulse } from './slices';

/** Few enough that what is read is still so when it is put into the index: between them others may write. */
const readAtOnce = 50;

/** Inside a transaction, or in slices: new indexes over everything that a collection holds, all or none. */
export function* buildIndexes(
  engine: Engine,
  collection: Collection,
  specs: Doc[],
  begun: IndexBuild[] = [],
): Generator<Pulse, Collection> {
  const { id, namespace } = collection;
  for (const spec of specs) begun.push(engine.beginBuild(collection, spec));
  let last = 0;
  for (;;) {
    const now = stillThere(engine, namespace, id);
    const read = now.following(last, readAtOnce);
    for (const stored of read) for (const build of begun) now.fill(build, stored);
    if (read.length < readAtOnce) {
      for (const build of begun) engine.endBuild(now, build);
      return now;
    }
    last = read.at(-1)?.recordId ?? last;
    yield null;
  }
}

function stillThere(engine: Engine, namespace: string, id: number): Collection {
  const now = engine.get(namespace);
  if (now?.id === id) return now;
  throw new StoreError(276, `Index build failed: collection ${namespace} was dropped or replaced`);
}

/** After builds have ended, in whatever way: of those that are no index nothing is left. */
export async function forgetBuilds(engine: Engine, namespace: string, begun: IndexBuild[]): Promise<void> {
  const collection = engine.get(namespace);
  const failed = begun.filter((build) => collection?.builds.includes(build));
  if (collection) for (const build of begun) engine.forgetBuild(collection.id, build);
  if (!collection || failed.length === 0) return;
  await new Slices(engine).run(
    (function* () {
      const now = engine.get(namespace);
      if (now?.id !== collection.id) return;
      for (const build of failed) engine.giveUpBuild(now, build);
      yield* engine.clearing(collection.id);
    })(),
  );
}
