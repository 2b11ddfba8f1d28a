import { MongoClient } from 'mongodb';
import { join } from 'node:path';
import type { Config } from '../config';
import { makeDataDir } from '../config/data-folder';
import { databaseIn } from './connection';
import { privateUrl, startEmbeddedStore } from './embedded';

export interface OpenDatabase {
  client: MongoClient;
  /** Where it listens, for another connection. */
  url: string;
  database: string;
  close(): Promise<void>;
}

/**
 * The database of an installation, for a command beside it: MongoDB where one is named, else the embedded store, that
 * of the running server where there is one.
 */
export async function openDatabase(config: Pick<Config, 'mongodbUrl' | 'dataDir'>): Promise<OpenDatabase> {
  if (config.mongodbUrl)
    return opened({
      client: await MongoClient.connect(config.mongodbUrl),
      url: config.mongodbUrl,
      database: databaseIn(config.mongodbUrl) ?? 'parley',
    });
  const dataDir = join(config.dataDir, 'store');
  makeDataDir(dataDir);
  const url = privateUrl(dataDir);
  const running = await connectTo(url);
  if (running) return opened({ client: running, url, database: 'parley' });
  const store = await startEmbeddedStore({ dataDir, inWorker: false });
  const client = await MongoClient.connect(store.url);
  return opened({ client, url: store.url, database: 'parley' }, () => store.close());
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
  parts: Omit<OpenDatabase, 'close'>,
  stop: () => Promise<void> = () => Promise.resolve(),
): OpenDatabase => ({
  ...parts,
  async close() {
    await parts.client.close();
    await stop();
  },
});
