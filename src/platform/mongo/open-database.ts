import { MongoClient } from 'mongodb';
import { join } from 'node:path';
import type { Config } from '../config';
import { makeDataDir } from '../config/data-folder';
import { databaseIn } from './connection';
import { privateUrl, startEmbeddedStore } from './embedded';

export interface OpenDatabase {
  client: MongoClient;
  database: string;
  close(): Promise<void>;
}

/**
 * The database of an installation, for a command beside it: MongoDB where one is named, else the embedded store, that
 * of the running server where there is one.
 */
export async function openDatabase(config: Pick<Config, 'mongodbUrl' | 'dataDir'>): Promise<OpenDatabase> {
  if (config.mongodbUrl)
    return opened(await MongoClient.connect(config.mongodbUrl), databaseIn(config.mongodbUrl) ?? 'parley');
  const dataDir = join(config.dataDir, 'store');
  makeDataDir(dataDir);
  const running = await connectTo(privateUrl(dataDir));
  if (running) return opened(running, 'parley');
  const store = await startEmbeddedStore({ dataDir, inWorker: false });
  return opened(await MongoClient.connect(store.url), 'parley', () => store.close());
}

/** Null when nobody listens: a socket left behind by a server that was killed, or none. */
async function connectTo(url: string): Promise<MongoClient | null> {
  try {
    return await new MongoClient(url, { serverSelectionTimeoutMS: 500 }).connect();
  } catch {
    return null;
  }
}

const opened = (
  client: MongoClient,
  database: string,
  stop: () => Promise<void> = () => Promise.resolve(),
): OpenDatabase => ({
  client,
  database,
  async close() {
    await client.close();
    await stop();
  },
});
