import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { sameKeys } from '../query/find';
import { compileFilter } from '../query/matcher';
import type { Collection } from '../storage/collection';
import type { Command, CommandContext } from './command';
import { int, part, reply } from './reply';

export function create(command: Command, { engine }: CommandContext): Promise<Doc> {
  command.allow();
  return engine.table.transaction(() => {
    if (engine.get(command.namespace))
      throw new StoreError(48, `Collection ${command.namespace} already exists.`);
    engine.ensure(command.namespace);
    return reply({});
  });
}

export function drop(command: Command, { engine }: CommandContext): Promise<Doc> {
  command.allow();
  return engine.table.transaction(() => {
    const collection = engine.get(command.namespace);
    if (!collection) return reply({});
    const indexes = collection.indexes.length;
    engine.drop(collection);
    return reply({ nIndexesWas: int(indexes), ns: command.namespace });
  });
}

export function dropDatabase(command: Command, { engine }: CommandContext): Promise<Doc> {
  command.allow();
  return engine.table.transaction(() => {
    for (const collection of engine.list(command.database)) engine.drop(collection);
    return reply({ dropped: command.database });
  });
}

export function createIndexes(command: Command, { engine }: CommandContext): Promise<Doc> {
  command.allow('indexes', 'commitQuorum');
  const specs = command.docs('indexes');
  return engine.table.transaction(() => {
    const isNew = engine.get(command.namespace) === null;
    const collection = engine.ensure(command.namespace);
    const before = collection.indexes.length;
    for (const spec of specs) if (!isThere(collection, spec)) engine.addIndex(collection, spec);
    const after = collection.indexes.length;
    const note: Record<string, Value> = after === before ? { note: 'all indexes already exist' } : {};
    return reply({
      numIndexesBefore: int(before),
      numIndexesAfter: int(after),
      createdCollectionAutomatically: isNew,
      ...note,
    });
  });
}

/** The same index again is nothing new; another one under its name or its keys is refused. */
function isThere(collection: Collection, spec: Doc): boolean {
  const key = spec.get('key');
  const known = collection.indexes.find(
    (index) => index.name === spec.get('name') || (isDoc(key) && sameKeys(index.spec.get('key') as Doc, key)),
  );
  if (!known || !isDoc(key)) return false;
  const isSame = optionsOf(known.spec) === optionsOf(spec) && sameKeys(known.spec.get('key') as Doc, key);
  if (known.name === '_id_' && sameKeys(known.spec.get('key') as Doc, key)) return true;
  if (!isSame && known.name === spec.get('name'))
    throw new StoreError(86, `An existing index has the same name as the requested index: ${known.name}`);
  if (!isSame || known.name !== spec.get('name'))
    throw new StoreError(85, `Index already exists with a different name or options: ${known.name}`);
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

export function dropIndexes(command: Command, { engine }: CommandContext): Promise<Doc> {
  command.allow('index');
  const wanted = command.body.get('index');
  return engine.table.transaction(() => {
    const collection = engine.get(command.namespace);
    if (!collection) throw new StoreError(26, `ns not found ${command.namespace}`);
    const before = collection.indexes.length;
    for (const index of chosen(collection, wanted)) engine.dropIndex(collection, index);
    return reply({ nIndexesWas: int(before) });
  });
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

export function listCollections(command: Command, { engine }: CommandContext): Doc {
  command.allow('filter', 'nameOnly', 'authorizedCollections', 'cursor');
  const filter = command.doc('filter');
  const matches = filter ? compileFilter(filter) : () => true;
  const batch = engine
    .list(command.database)
    .map(({ namespace }) =>
      part({
        name: namespace.slice(command.database.length + 1),
        type: 'collection',
        options: new Map(),
        info: part({ readOnly: false }),
        idIndex: part({ v: int(2), key: part({ _id: int(1) }), name: '_id_' }),
      }),
    )
    .filter(matches);
  return listReply(`${command.database}.$cmd.listCollections`, batch);
}

const listReply = (ns: string, firstBatch: Value[]): Doc =>
  reply({ cursor: part({ firstBatch, id: 0n, ns }) });

export async function listDatabases(command: Command, { engine, turns }: CommandContext): Promise<Doc> {
  command.allow('filter', 'nameOnly', 'authorizedDatabases');
  const isNameOnly = command.flag('nameOnly');
  const databases: Doc[] = [];
  let total = 0;
  for (const name of engine.databases()) {
    let bytes = 0;
    if (!isNameOnly)
      for (const collection of engine.list(name))
        await turns.each(collection.sizes(), (size) => void (bytes += size));
    total += bytes;
    databases.push(part({ name, ...(!isNameOnly && { sizeOnDisk: BigInt(bytes), empty: false }) }));
  }
  const filter = command.doc('filter');
  const matches = filter ? compileFilter(filter) : () => true;
  const shown = databases.filter(matches);
  return reply(
    isNameOnly
      ? { databases: shown }
      : { databases: shown, totalSize: BigInt(total), totalSizeMb: BigInt(total >> 20) },
  );
}
