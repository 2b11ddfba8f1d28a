import { isDoc, type Doc } from '../bson/value';
import { StoreError } from '../error';
import type { Command, CommandContext } from './command';
import { int, part, reply } from './reply';

const version = '7.0.0';

/** A standalone that knows sessions and no transactions: drivers then send `lsid` and no `txnNumber`. */
export function hello(_command: Command, { now, state }: CommandContext): Doc {
  return reply({
    isWritablePrimary: true,
    ismaster: true,
    helloOk: true,
    maxBsonObjectSize: int(16 * 1024 * 1024),
    maxMessageSizeBytes: int(48_000_000),
    maxWriteBatchSize: int(100_000),
    localTime: now(),
    logicalSessionTimeoutMinutes: int(30),
    connectionId: int(state.connectionsEver),
    minWireVersion: int(0),
    maxWireVersion: int(21),
    readOnly: false,
  });
}

export const ping = (): Doc => reply({});
export const buildInfo = (): Doc =>
  reply({
    version,
    gitVersion: 'parley-embedded-store',
    versionArray: [7, 0, 0, 0].map(int),
    storageEngines: ['lmdb'],
    javascriptEngine: 'none',
    bits: int(64),
    debug: false,
    maxBsonObjectSize: int(16 * 1024 * 1024),
    modules: [],
  });
export const endSessions = (): Doc => reply({});
export function connectionStatus(command: Command): Doc {
  command.allow('showPrivileges');
  return reply({
    authInfo: part({
      authenticatedUsers: [],
      authenticatedUserRoles: [],
      ...(command.flag('showPrivileges') && { authenticatedUserPrivileges: [] }),
    }),
  });
}

/** What mongosh and Compass ask when they connect. */
export const hostInfo = (_command: Command, { now }: CommandContext): Doc =>
  reply({
    system: part({ currentTime: now(), hostname: 'parley', cpuArch: process.arch }),
    os: part({ type: process.platform }),
  });
export const getCmdLineOpts = (): Doc => reply({ argv: ['parley-store'], parsed: new Map() });
export function getParameter({ body }: Command): Doc {
  const name = 'featureCompatibilityVersion';
  const wanted = body.get('getParameter');
  if (!body.has(name) && wanted !== '*' && !isDoc(wanted)) throw new StoreError(72, 'no option found to get');
  return reply({ [name]: part({ version: '7.0' }) });
}

/** What the store has to say it says in Parley's own log. */
export function getLog(command: Command): Doc {
  command.allow();
  const names = ['global', 'startupWarnings'];
  const wanted = command.body.get('getLog');
  if (wanted === '*') return reply({ names });
  if (names.includes(String(wanted))) return reply({ totalLinesWritten: int(0), log: [] });
  throw new StoreError(96, `No log named '${String(wanted)}'`);
}

export function serverStatus(_command: Command, { state, now, cursors }: CommandContext): Doc {
  const { rss } = process.memoryUsage();
  const counted = (name: string) => int(state.counts.get(name) ?? 0);
  return reply({
    host: 'parley',
    version,
    process: 'parley-store',
    pid: BigInt(process.pid),
    uptime: state.uptimeSeconds,
    uptimeMillis: BigInt(Math.round(state.uptimeSeconds * 1_000)),
    localTime: now(),
    connections: part({ current: int(state.connections), totalCreated: int(state.connectionsEver) }),
    opcounters: part({
      insert: counted('insert'),
      query: counted('find'),
      update: counted('update'),
      delete: counted('delete'),
      getmore: counted('getMore'),
      command: int([...state.counts.values()].reduce((sum, one) => sum + one, 0)),
    }),
    metrics: part({ cursor: part({ open: part({ total: int(cursors.count) }) }) }),
    mem: part({ bits: int(64), resident: int(Math.round(rss / 1_048_576)) }),
    storageEngine: part({ name: 'lmdb', persistent: true }),
  });
}

export async function dbStats(command: Command, { engine, turns }: CommandContext): Promise<Doc> {
  command.allow('scale', 'freeStorage');
  const scale = Math.max(1, command.count('scale'));
  const collections = engine.list(command.database);
  let [objects, bytes] = [0, 0];
  for (const collection of collections)
    objects += await turns.each(collection.sizes(), (size) => void (bytes += size));
  return reply({
    db: command.database,
    collections: BigInt(collections.length),
    views: 0n,
    objects: BigInt(objects),
    avgObjSize: objects === 0 ? 0 : bytes / objects,
    dataSize: bytes / scale,
    storageSize: engine.bytesOnDisk() / scale,
    indexes: BigInt(collections.reduce((sum, { indexes }) => sum + indexes.length, 0)),
    indexSize: 0,
    scaleFactor: BigInt(scale),
  });
}

export async function collStats(command: Command, { engine, turns }: CommandContext): Promise<Doc> {
  command.allow('scale');
  const scale = Math.max(1, command.count('scale'));
  const collection = engine.get(command.namespace);
  let bytes = 0;
  const objects = await turns.each(collection?.sizes() ?? [], (size) => void (bytes += size));
  return reply({
    ns: command.namespace,
    size: int(Math.round(bytes / scale)),
    count: int(objects),
    ...(objects > 0 && { avgObjSize: int(Math.round(bytes / objects)) }),
    storageSize: int(Math.round(bytes / scale)),
    nindexes: int(collection?.indexes.length ?? 0),
    capped: false,
    scaleFactor: int(scale),
  });
}
