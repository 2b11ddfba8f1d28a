import type { Connection } from 'mongoose';
import { newId } from '../ids';
import { isDuplicateKey } from './connection';

/** The name of this installation: one for each database, made by the first server that opens it. */
export async function installationId(connection: Connection): Promise<string> {
  const settings = connection.collection<{ _id: string; value: string }>('settings');
  try {
    await settings.updateOne(
      { _id: 'installation' },
      { $setOnInsert: { value: newId('in') } },
      { upsert: true },
    );
  } catch (error) {
    // Two servers opened it at once: one of them made the name.
    if (!isDuplicateKey(error)) throw error;
  }
  const stored = await settings.findOne({ _id: 'installation' });
  if (!stored) throw new Error('The installation has no name.');
  return stored.value;
}
