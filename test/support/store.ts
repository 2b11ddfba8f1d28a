import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, type Db } from 'mongodb';
import type { Connection } from 'mongoose';
import { connectMongo, ensureIndexes } from '../../src/platform/mongo/connection';
import { startEmbeddedStore } from '../../src/platform/mongo/embedded';

let store: Promise<{ url: string; close(): Promise<void>; dataDir: string }> | null = null;
let databases = 0;

/** The store of this test process: the server named by TEST_MONGODB_URL, or an embedded store in process. */
export async function storeUrl(): Promise<string> {
  if (process.env['TEST_MONGODB_URL']) return process.env['TEST_MONGODB_URL'];
  store ??= startStore();
  return (await store).url;
}

/** The URL of a database that no other test uses. */
export async function freshDatabaseUrl(): Promise<string> {
  const name = `test_${process.pid}_${Date.now().toString(36)}_${++databases}`;
  return (await storeUrl()).replace(/^(mongodb:\/\/[^/?]+)\/?([^?]*)/, `$1/${name}`);
}

/** A connection to a database of its own; `define` makes the models whose indexes are then built. */
export async function testConnection(
  define: (connection: Connection) => void = () => undefined,
): Promise<Connection> {
  const connection = await connectMongo(await freshDatabaseUrl());
  define(connection);
  await ensureIndexes(connection);
  return connection;
}

/** Drops the database of a test connection and closes it. */
export async function dropConnection(connection: Connection): Promise<void> {
  await connection.dropDatabase();
  await connection.close();
}

/** A database that no other test uses, through the official driver. */
export async function testDatabase(): Promise<Db> {
  return (await MongoClient.connect(await freshDatabaseUrl())).db();
}

/** What `afterAll` does with the database of a file. */
export async function dropDatabase(db: Db): Promise<void> {
  await db.dropDatabase();
  await db.client.close();
  await closeStore();
}

/** Ends the embedded store of this test process. Call it in `afterAll`. */
export async function closeStore(): Promise<void> {
  const running = await store;
  store = null;
  if (!running) return;
  await running.close();
  rmSync(running.dataDir, { recursive: true, force: true });
}

async function startStore() {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-store-'));
  const { url, close } = await startEmbeddedStore({ dataDir, inWorker: false });
  return { url, close, dataDir };
}
