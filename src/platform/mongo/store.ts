import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import type { Config } from '../config';
import { makeDataDir } from '../config/data-folder';
import { connectMongo } from './connection';
import { startEmbeddedStore } from './embedded';

export interface Store {
  connection: Connection;
  /** One server alone uses it, so what its last life held is void. */
  isEmbedded: boolean;
  /** Null when it takes writes, else why not. */
  problem(): Promise<string | null>;
  close(): Promise<void>;
}

type StoreConfig = Pick<Config, 'mongodbUrl' | 'dataDir'>;

/** MongoDB where one is named, else the embedded store in a worker of this process. */
export async function openStore(config: StoreConfig, options = { inWorker: true }): Promise<Store> {
  if (config.mongodbUrl) return store(await connectMongo(config.mongodbUrl), () => Promise.resolve(), null);
  const dataDir = join(config.dataDir, 'store');
  makeDataDir(dataDir);
  const embedded = await startEmbeddedStore({ dataDir, inWorker: options.inWorker });
  return store(await connectMongo(embedded.url), () => embedded.close(), dataDir);
}

/** `ownFolder`: where the embedded store keeps it all. */
function store(connection: Connection, closeServer: () => Promise<void>, ownFolder: string | null): Store {
  return {
    connection,
    isEmbedded: ownFolder !== null,
    problem: async () => (await writeProblem(connection)) ?? (ownFolder && (await roomProblem(ownFolder))),
    async close() {
      await connection.close();
      await closeServer();
    },
  };
}

async function writeProblem(connection: Connection): Promise<string | null> {
  try {
    const probe = connection
      .collection('probes')
      .updateOne({ name: 'ready' }, { $set: { at: new Date() } }, { upsert: true });
    await Promise.race([probe, failAfter(3_000)]);
    return null;
  } catch (error) {
    return `The store takes no writes: ${(error as Error).message}`;
  }
}

const leastRoomBytes = 1024 * 1024;

/** The probe finds room in the file where a message may find none. */
async function roomProblem(folder: string): Promise<string | null> {
  const { bavail, bsize } = await statfs(folder);
  const isFull = bavail * bsize < leastRoomBytes;
  return isFull ? 'The store takes no writes: The disk of the store is full.' : null;
}

const failAfter = (ms: number): Promise<never> =>
  new Promise((_resolve, reject) => setTimeout(() => reject(new Error('no answer in time')), ms).unref());
