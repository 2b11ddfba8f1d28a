import type { Connection, Model } from 'mongoose';
import { systemClock } from '../clock';
import { leaseMs, type Lease, type Leases } from '../work/leases';

const lockKey = 'migration';
const askAgainMs = 100;

/** It deleted the last event of the log too when that was a week old, and with it the number that the next one follows. */
const harmful = { collection: 'events', name: 'at_1' };

/**
 * Makes the indexes that the models declare and the store does not have, and answers their names. Servers that start at
 * once do so one after the other, under a lease: who comes second waits, and finds nothing left to do. Indexes that
 * nobody declares stay, for a server of the last version may still read by them; only one that does harm is dropped.
 */
export async function migrate(connection: Connection, leases: Leases): Promise<string[]> {
  const made: string[] = [];
  for (;;) {
    const lease = await lock(leases);
    if (await underLease(lease, leases, Object.values(connection.models), made)) return made;
  }
}

async function lock(leases: Leases): Promise<Lease> {
  for (;;) {
    const lease = await leases.acquire(lockKey);
    if (lease) return lease;
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
  }
}

/** False when the lease was lost on the way: what was made stays, and the rest is asked for again. */
async function underLease(
  lease: Lease,
  leases: Leases,
  models: Model<unknown>[],
  made: string[],
): Promise<boolean> {
  // An index of a large collection takes longer than a lease.
  const stopRenewing = systemClock.every(leaseMs / 3, () => void leases.renew(lease).catch(() => undefined));
  try {
    for (const model of models) {
      if (!(await leases.renew(lease))) return false;
      made.push(...(await makeIndexes(model)));
    }
    return true;
  } finally {
    stopRenewing();
    await leases.release(lease);
  }
}

async function makeIndexes(model: Model<unknown>): Promise<string[]> {
  if (model.schema.indexes().length === 0) return [];
  const before = await indexesOf(model);
  await dropHarmful(model, before);
  await model.createIndexes();
  const known = new Set(before.map(({ name }) => name));
  const made = (await indexesOf(model)).filter(({ name }) => name !== '_id_' && !known.has(name));
  return made.map(({ name }) => `${model.collection.collectionName}.${name}`);
}

async function dropHarmful({ collection }: Model<unknown>, there: Index[]): Promise<void> {
  if (collection.collectionName !== harmful.collection) return;
  if (there.some(({ name, expireAfterSeconds }) => name === harmful.name && expireAfterSeconds !== undefined))
    await collection.dropIndex(harmful.name);
}

const noCollection = 26;

interface Index {
  name?: string;
  expireAfterSeconds?: number;
}

async function indexesOf(model: Model<unknown>): Promise<Index[]> {
  try {
    return await model.collection.listIndexes().toArray();
  } catch (error) {
    if ((error as { code?: unknown }).code === noCollection) return [];
    throw error;
  }
}
