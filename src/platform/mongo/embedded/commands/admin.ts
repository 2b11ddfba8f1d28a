import { isDoc, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { sameKeys } from '../query/find';
import type { Collection } from '../storage/collection';
import type { Command, CommandContext } from './command';
import { cursorReply } from './read';
import { int, reply } from './reply';

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
    ['unique', 'sparse', 'expireAfterSeconds', 'partialFilterExpression'].map((name) =>
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
  return cursorReply(`${command.database}.$cmd.listIndexes.${command.namespace}`, 0n, batch, 'firstBatch');
}

export function listCollections(command: Command, { engine }: CommandContext): Doc {
  command.allow('filter', 'nameOnly', 'authorizedCollections', 'cursor');
  const filter = command.doc('filter');
  if (filter && [...filter.keys()].some((key) => key !== 'name' || typeof filter.get(key) !== 'string'))
    throw notSupported('a filter of listCollections other than a name');
  const collections = engine
    .list(command.database)
    .map(({ namespace }) => namespace.slice(command.database.length + 1));
  const named = collections.filter((name) => !filter?.has('name') || filter.get('name') === name);
  const batch = named.map(
    (name) =>
      new Map<string, Value>([
        ['name', name],
        ['type', 'collection'],
        ['options', new Map()],
        ['info', new Map([['readOnly', false]])],
      ]),
  );
  return cursorReply(`${command.database}.$cmd.listCollections`, 0n, batch, 'firstBatch');
}

export function listDatabases(command: Command, { engine }: CommandContext): Doc {
  command.allow('filter', 'nameOnly', 'authorizedDatabases');
  const databases = engine.databases().map(
    (name) =>
      new Map<string, Value>([
        ['name', name],
        ['sizeOnDisk', 0n],
        ['empty', false],
      ]),
  );
  return reply({ databases, totalSize: 0n, totalSizeMb: 0n });
}
