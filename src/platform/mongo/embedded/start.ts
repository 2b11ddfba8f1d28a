import { createHash } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Cursors } from './commands/cursors';
import { ServerState } from './commands/server-state';
import { Turns } from './commands/turns';
import { Engine } from './storage/engine';
import { removeExpired } from './storage/expire';
import { OneByOne } from '../../work/one-by-one';
import { lockFolder } from './storage/owner-lock';
import { Slices } from './storage/slices';
import { serveConnection } from './wire/connection';

export interface StoreOptions {
  dataDir: string;
  /** Without a port it listens on a private socket. */
  port?: number;
  socketPath?: string;
}
export interface RunningStore {
  url: string;
  close(): Promise<void>;
}

const expireEveryMs = 30_000;
/** Longer socket paths are cut silently by the system. */
const longestSocketPath = 100;

export async function startStoreHere({ dataDir, port, socketPath }: StoreOptions): Promise<RunningStore> {
  const lock = await lockFolder(dataDir);
  const engine = openEngine(dataDir, lock);
  const turns = new Turns(() => engine.table.refresh());
  const state = new ServerState();
  const cursors = new Cursors(() => Date.now(), turns);
  const indexBuilds = new OneByOne();
  const context = { engine, cursors, turns, state, indexBuilds, now: () => new Date() };
  for (const id of engine.leftovers()) await new Slices(engine).run(engine.clearing(id));
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    state.connected();
    socket.once('close', () => {
      sockets.delete(socket);
      state.disconnected();
    });
    serveConnection(socket, context);
  });
  const url =
    port === undefined
      ? await listenPrivately(server, socketPath ?? pathFor(dataDir))
      : await listenOn(server, port);
  const expiring = setInterval(() => {
    cursors.forgetIdle();
    void removeExpired(engine, new Date()).catch(() => undefined);
  }, expireEveryMs).unref();
  return {
    url,
    async close() {
      clearInterval(expiring);
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const socket of sockets) socket.destroy();
      await closed;
      cursors.close();
      await engine.close();
      lock.close();
    },
  };
}

function openEngine(dataDir: string, lock: Server): Engine {
  try {
    return new Engine(dataDir);
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** Where the store of a folder listens, if it does. */
export const privateUrl = (dataDir: string): string => urlOf(pathFor(dataDir));
const urlOf = (path: string): string => `mongodb://${encodeURIComponent(path)}/?directConnection=true`;

function pathFor(dataDir: string): string {
  const beside = join(resolve(dataDir), 'store.sock');
  if (Buffer.byteLength(beside) <= longestSocketPath) return beside;
  return join(tmpdir(), `parley-${createHash('sha256').update(beside).digest('hex').slice(0, 24)}.sock`);
}

/** The owner of the folder's lock owns the socket: one left behind is dead. */
async function listenPrivately(server: Server, path: string): Promise<string> {
  rmSync(path, { force: true });
  await listening(server, () => server.listen(path));
  chmodSync(path, 0o600);
  return urlOf(path);
}

async function listenOn(server: Server, port: number): Promise<string> {
  await listening(server, () => server.listen(port, '127.0.0.1'));
  return `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/?directConnection=true`;
}

function listening(server: Server, listen: () => void): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.once('listening', done);
    listen();
  });
}
