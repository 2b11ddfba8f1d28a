import type { Doc } from '../bson/value';
import { StoreError } from '../error';
import * as admin from './admin';
import { aggregate } from './aggregate';
import { Command, type CommandContext } from './command';
import { explain, explainedPipeline } from './explain';
import { findAndModify } from './find-and-modify';
import { checkGeneralOptions } from './general-options';
import * as indexes from './indexes';
import * as read from './read';
import * as server from './server';
import * as write from './write';

type Handler = (command: Command, context: CommandContext) => Doc | Promise<Doc>;

/** Every command of the store. */
export const commands: Record<string, Handler> = {
  hello: server.hello,
  isMaster: server.hello,
  ismaster: server.hello,
  ping: server.ping,
  buildInfo: server.buildInfo,
  buildinfo: server.buildInfo,
  connectionStatus: server.connectionStatus,
  serverStatus: server.serverStatus,
  dbStats: server.dbStats,
  collStats: server.collStats,
  hostInfo: server.hostInfo,
  getParameter: server.getParameter,
  getLog: server.getLog,
  getCmdLineOpts: server.getCmdLineOpts,
  endSessions: server.endSessions,
  refreshSessions: server.endSessions,
  find: read.find,
  getMore: read.getMore,
  killCursors: read.killCursors,
  count: read.count,
  distinct: read.distinct,
  explain,
  aggregate: (command, context) =>
    command.flag('explain') ? explain(explainedPipeline(command), context) : aggregate(command, context),
  insert: write.insert,
  update: write.update,
  delete: write.remove,
  findAndModify,
  findandmodify: findAndModify,
  create: admin.create,
  drop: admin.drop,
  dropDatabase: admin.dropDatabase,
  createIndexes: indexes.createIndexes,
  dropIndexes: indexes.dropIndexes,
  listIndexes: indexes.listIndexes,
  listCollections: admin.listCollections,
  listDatabases: admin.listDatabases,
};

/** Carries out one command. @throws StoreError, which the wire answers. */
export async function runCommand(body: Doc, context: CommandContext): Promise<Doc> {
  const command = new Command(body);
  if (body.has('txnNumber') || body.has('startTransaction'))
    throw new StoreError(20, 'Transaction numbers are only allowed on a replica set member or mongos');
  const handler = Object.hasOwn(commands, command.name) ? commands[command.name] : undefined;
  if (!handler) throw new StoreError(59, `no such command: '${command.name}'`);
  checkGeneralOptions(command.name, body);
  context.state.countCommand(command.name);
  context.engine.table.refresh();
  return handler(command, context);
}
