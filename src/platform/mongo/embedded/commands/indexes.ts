import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { sameKeys } from '../query/find';
import { buildIndexes, forgetBuilds } from '../storage/build-indexes';
import type { Collection } from '../storage/collection';
import type { Engine } from '../storage/engine';
import type { IndexBuild } from '../storage/index-build';
import { requireCreatable } from '../storage/index-rules';
import { Slices, type Pulse } from '../storage/slices';
import type { Command, CommandContext } from './command';
import { int, listReply, reply } from './reply';

export function createIndexes(command: Command, { engine, indexBuilds }: CommandContext): Promise<Doc> {
  command.allow('indexes', 'commitQuorum');
  const specs = command.docs('indexes');
  for (const spec of specs) requireCreatable(spec);
  return indexBuilds.run(command.namespace, async () => {
    const begun: IndexBuild[] = [];
    try {
      return await new Slices(engine).run(creating(engine, command.namespace, { specs, begun }));
    } finally {
      await forgetBuilds(engine, command.namespace, begun);
    }
  });
}

function* creating(
  engine: Engine,
  namespace: string,
  { specs, begun }: { specs: Doc[]; begun: IndexBuild[] },
): Generator<Pulse, Doc> {
  const isNew = engine.get(namespace) === null;
  const collection = engine.ensure(namespace);
  const before = collection.indexes.length;
  const missing: Doc[] = [];
  for (const spec of specs)
    if (!isThere([...collection.indexes.map((index) => index.spec), ...missing], spec)) missing.push(spec);
  const { indexes } = yield* buildIndexes(engine, collection, missing, begun);
  const note: Record<string, Value> = missing.length === 0 ? { note: 'all indexes already exist' } : {};
  return reply({
    numIndexesBefore: int(before),
    numIndexesAfter: int(indexes.length),
    createdCollectionAutomatically: isNew,
    ...note,
  });
}

/** The same index again is nothing new; another one under its name or its keys is refused. */
function isThere(specs: Doc[], spec: Doc): boolean {
  const [name, key] = [spec.get('name'), spec.get('key')];
  if (!isDoc(key)) return false;
  const hasSameKeys = (one: Doc) => sameKeys(one.get('key') as Doc, key);
  const known = specs.find((one) => one.get('name') === name || hasSameKeys(one));
  if (!known) return false;
  const knownName = String(known.get('name'));
  const isSame = optionsOf(known) === optionsOf(spec) && hasSameKeys(known);
  if (knownName === '_id_' && hasSameKeys(known)) return true;
  if (!isSame && knownName === name)
    throw new StoreError(86, `An existing index has the same name as the requested index: ${knownName}`);
  if (!isSame || knownName !== name)
    throw new StoreError(85, `Index already exists with a different name or options: ${knownName}`);
  return true;
}

const optionsOf = (spec: Doc): string =>
  JSON.stringify(
    ['unique', 'sparse', 'expireAfterSeconds', 'partialFilterExpression', 'collation'].map((name) =>
      String(plain(spec.get(name) ?? false)),
    ),
  );
const plain = (value: Value): unknown =>
  isDoc(value) ? JSON.stringify([...value].map(([key, item]) => [key, plain(item)])) : value;

export async function dropIndexes(command: Command, { engine }: CommandContext): Promise<Doc> {
  command.allow('index');
  const wanted = command.body.get('index');
  const { before, id } = await engine.table.transaction(() => {
    const collection = engine.get(command.namespace);
    if (!collection) throw new StoreError(26, `ns not found ${command.namespace}`);
    const before = collection.indexes.length;
    for (const index of chosen(collection, wanted)) engine.dropIndex(collection, index);
    return { before, id: collection.id };
  });
  await new Slices(engine).run(engine.clearing(id));
  return reply({ nIndexesWas: int(before) });
}

function chosen(collection: Collection, wanted: Value | undefined) {
  const others = collection.indexes.filter(({ name }) => name !== '_id_');
  if (wanted === '*') return others;
  if (wanted === '_id_') throw new StoreError(72, 'cannot drop _id index');
  const found = others.filter(
    ({ name, spec }) =>
      name === wanted ||
      (Array.isArray(wanted) && wanted.includes(name)) ||
      (isDoc(wanted) && sameKeys(spec.get('key') as Doc, wanted)),
  );
  if (found.length === 0) throw new StoreError(27, `index not found with name [${String(wanted)}]`);
  return found;
}

export function listIndexes(command: Command, { engine }: CommandContext): Doc {
  command.allow('cursor');
  const collection = engine.get(command.namespace);
  if (!collection) throw new StoreError(26, `ns does not exist: ${command.namespace}`);
  const batch = collection.indexes.map(
    ({ spec }) =>
      new Map<string, Value>([
        ['v', int(2)],
        ...[...spec].filter(([key]) => key !== 'v' && !(key === 'unique' && spec.get('name') === '_id_')),
      ]),
  );
  return listReply(`${command.database}.$cmd.listIndexes.${command.namespace}`, batch);
}
