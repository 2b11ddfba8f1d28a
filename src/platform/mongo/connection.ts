import { MongoNetworkError, MongoServerSelectionError } from 'mongodb';
import mongoose, { type Connection } from 'mongoose';
import { mendLostConnections } from './driver-mend';

/**
 * Connects to MongoDB, or to the embedded store: the same code from here on.
 * A filter on a field that no schema knows throws (`strictQuery`): a misspelt one would match everything.
 */
export async function connectMongo(
  url: string,
  options: { defaultDatabase?: string } = {},
): Promise<Connection> {
  mongoose.set('strictQuery', 'throw');
  mendLostConnections();
  const connection = mongoose.createConnection(url, {
    autoIndex: false,
    autoCreate: false,
    dbName: databaseIn(url) ?? options.defaultDatabase ?? 'parley',
    // Without a store we say so, instead of keeping requests for a time when it may be back.
    bufferCommands: false,
    serverSelectionTimeoutMS: 3_000,
    waitQueueTimeoutMS: 5_000,
    connectTimeoutMS: 5_000,
    socketTimeoutMS: 30_000,
    maxPoolSize: 50,
    // The driver does so only where the server can tell a repeat: on a replica set.
    retryWrites: true,
    w: 'majority',
  });
  try {
    await connection.asPromise();
  } catch (error) {
    // Else it goes on looking for the server for as long as the process lives.
    await connection.destroy(true).catch(() => undefined);
    throw error;
  }
  return connection;
}

/** Makes every index that the models declare; safe to repeat. */
export async function ensureIndexes(connection: Connection): Promise<void> {
  for (const model of Object.values(connection.models)) await model.createIndexes();
}

/** Was it the unique index that refused? Then the same thing is there already. */
export const isDuplicateKey = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === 11_000;

/** Can the store not be reached, or does it take no writes just now? Then the same thing may be tried again. */
export function isStoreAway(error: unknown): boolean {
  const { name, code, errorResponse } = (error ?? {}) as {
    name?: string;
    code?: unknown;
    errorResponse?: unknown;
  };
  // A write of many wraps what kept all of them from the store.
  if (errorResponse instanceof Error) return isStoreAway(errorResponse);
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  return awayNames.has(name ?? '') || awayCodes.has(code as number);
}

const awayNames = new Set([
  'MongoWaitQueueTimeoutError',
  'MongoPoolClosedError',
  'MongooseServerSelectionError',
]);
/** Stepping down, shutting down, no primary, not written on a majority in time, or no room on its disk. */
const awayCodes = new Set([
  64, 89, 91, 189, 7_179, 9_001, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436, 14_031,
]);

/** The database that a URL names. */
export function databaseIn(url: string): string | null {
  const path = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1];
  return path ? decodeURIComponent(path) : null;
}
