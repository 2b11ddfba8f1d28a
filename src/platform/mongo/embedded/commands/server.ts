import type { Doc, Value } from '../bson/value';
import type { Command, CommandContext } from './command';
import { int, reply } from './reply';

/** A standalone that knows sessions and no transactions: drivers then send `lsid` and no `txnNumber`. */
export function hello(_command: Command, { now }: CommandContext): Doc {
  return reply({
    isWritablePrimary: true,
    ismaster: true,
    helloOk: true,
    maxBsonObjectSize: int(16 * 1024 * 1024),
    maxMessageSizeBytes: int(48_000_000),
    maxWriteBatchSize: int(100_000),
    localTime: now(),
    logicalSessionTimeoutMinutes: int(30),
    connectionId: int(1),
    minWireVersion: int(0),
    maxWireVersion: int(21),
    readOnly: false,
  });
}

export const ping = (): Doc => reply({});
export const buildInfo = (): Doc =>
  reply({
    version: '7.0.0',
    versionArray: [7, 0, 0, 0].map(int),
    bits: int(64),
    maxBsonObjectSize: int(16 * 1024 * 1024),
    modules: [],
  });
export const endSessions = (): Doc => reply({});
export const connectionStatus = (): Doc =>
  reply({
    authInfo: new Map<string, Value>([
      ['authenticatedUsers', []],
      ['authenticatedUserRoles', []],
    ]),
  });
export const serverStatus = (): Doc =>
  reply({
    host: 'parley',
    version: '7.0.0',
    process: 'parley-store',
    uptime: process.uptime(),
    pid: BigInt(process.pid),
  });
export const dbStats = (command: Command, { engine }: CommandContext): Doc =>
  reply({ db: command.database, collections: int(engine.list(command.database).length) });
