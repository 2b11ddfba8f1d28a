import type { Connection, Model } from 'mongoose';
import { systemClock } from '../clock';
import { leaseMs, type Lease, type Leases } from '../work/leases';

const lockKey = 'migration';
const askAgainMs = 100;

/**
 * Makes the indexes that the models declare and the store does not have, and answers their names. Servers that start at
 * once do so one after the other, under a lease: who comes second waits, and finds nothing left to do. Indexes that
 * nobody declares stay, for a server of the last version may still read by them.
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
  const before = await indexNames(model);
  await model.createIndexes();
  const after = await indexNames(model);
  return after
    .filter((name) => name !== '_id_' && !before.includes(name))
    .map((name) => `${model.collection.collectionName}.${name}`);
}

const noCollection = 26;

async function indexNames(model: Model<unknown>): Promise<string[]> {
  try {
    return (await model.collection.listIndexes().toArray()).map(({ name }) => String(name));
  } catch (error) {
    if ((error as { code?: unknown }).code === noCollection) return [];
    throw error;
  }
}
