import type { Doc } from '../bson/value';
import { StoreError } from '../error';
import { compileFilter } from '../query/matcher';
import { Slices } from '../storage/slices';
import type { Command, CommandContext } from './command';
import { int, listReply, part, reply } from './reply';

export function create(command: Command, { engine }: CommandContext): Promise<Doc> {
  command.allow();
  return engine.table.transaction(() => {
    if (engine.get(command.namespace))
      throw new StoreError(48, `Collection ${command.namespace} already exists.`);
    engine.ensure(command.namespace);
    return reply({});
  });
}

export async function drop(command: Command, { engine }: CommandContext): Promise<Doc> {
  command.allow();
  const dropped = await engine.table.transaction(() => {
    const collection = engine.get(command.namespace);
    if (collection) engine.drop(collection);
    return collection;
  });
  if (!dropped) return reply({});
  await new Slices(engine).run(engine.clearing(dropped.id));
  return reply({ nIndexesWas: int(dropped.indexes.length), ns: command.namespace });
}

export async function dropDatabase(command: Command, { engine }: CommandContext): Promise<Doc> {
  command.allow();
  const dropped = await engine.table.transaction(() => {
    const all = engine.list(command.database);
    for (const collection of all) engine.drop(collection);
    return all;
  });
  for (const { id } of dropped) await new Slices(engine).run(engine.clearing(id));
  return reply({ dropped: command.database });
}

export function listCollections(command: Command, { engine }: CommandContext): Doc {
  command.allow('filter', 'nameOnly', 'authorizedCollections', 'cursor');
  const filter = command.doc('filter');
  const matches = filter ? compileFilter(filter) : () => true;
  const isNameOnly = command.flag('nameOnly');
  const batch = engine
    .list(command.database)
    .map(({ namespace }) =>
      part({
        name: namespace.slice(command.database.length + 1),
        type: 'collection',
        ...(!isNameOnly && {
          options: new Map(),
          info: part({ readOnly: false }),
          idIndex: part({ v: int(2), key: part({ _id: int(1) }), name: '_id_' }),
        }),
      }),
    )
    .filter(matches);
  return listReply(`${command.database}.$cmd.listCollections`, batch);
}

export async function listDatabases(command: Command, { engine, turns }: CommandContext): Promise<Doc> {
  command.allow('filter', 'nameOnly', 'authorizedDatabases');
  if (command.database !== 'admin')
    throw new StoreError(13, 'listDatabases may only be run against the admin database.');
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
