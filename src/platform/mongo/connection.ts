import mongoose, { type Connection } from 'mongoose';

/**
 * Connects to MongoDB, or to the embedded store: the same code from here on.
 * A filter on a field that no schema knows throws (`strictQuery`): a misspelt one would match everything.
 */
export async function connectMongo(
  url: string,
  options: { defaultDatabase?: string } = {},
): Promise<Connection> {
  mongoose.set('strictQuery', 'throw');
  const connection = mongoose.createConnection(url, {
    autoIndex: false,
    autoCreate: false,
    dbName: databaseIn(url) ?? options.defaultDatabase ?? 'parley',
    serverSelectionTimeoutMS: 5_000,
    maxPoolSize: 50,
    retryWrites: false,
    w: 'majority',
  });
  await connection.asPromise();
  return connection;
}

/** Makes every index that the models declare; safe to repeat. */
export async function ensureIndexes(connection: Connection): Promise<void> {
  for (const model of Object.values(connection.models)) await model.createIndexes();
}

/** Was it the unique index that refused? Then the same thing is there already. */
export const isDuplicateKey = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === 11_000;

function databaseIn(url: string): string | null {
  const path = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1];
  return path ? decodeURIComponent(path) : null;
}
