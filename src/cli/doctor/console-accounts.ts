import { defineAccounts } from '../../channels/host/accounts';
import type { ChannelConfig, Config } from '../../platform/config';
import { keptSecret, randomSecret } from '../../platform/config/data-dir';
import { connectMongo } from '../../platform/mongo/connection';
import { openDatabase } from '../../platform/mongo/open-database';
import { SecretBox } from '../../platform/secrets';
import { problem, type Finding } from './finding';

interface Found {
  channels: ChannelConfig[];
  findings: Finding[];
}
type StoreConfig = Pick<Config, 'mongodbUrl' | 'dataDir' | 'secretKey'>;

/** The accounts that the console has added: they stand in the store alone. What is wrong with the store is told elsewhere. */
export async function consoleAccounts(config: StoreConfig): Promise<Found> {
  const database = await openDatabase(config).catch(() => null);
  if (!database) return { channels: [], findings: [] };
  try {
    const connection = await connectMongo(database.url);
    try {
      const rows = await defineAccounts(connection).find({ source: 'console', enabled: true }).lean();
      return unsealed(rows, config);
    } finally {
      await connection.close();
    }
  } finally {
    await database.close();
  }
}

type Row = Pick<ChannelConfig, 'type' | 'name'> & { _id: string; configuration: string };

function unsealed(rows: Row[], { secretKey, dataDir }: StoreConfig): Found {
  const found: Found = { channels: [], findings: [] };
  if (rows.length === 0) return found;
  const secrets = new SecretBox(secretKey ?? keptSecret(dataDir, 'secret-key', randomSecret));
  for (const { _id: id, type, name, configuration } of rows)
    try {
      const settings = JSON.parse(secrets.decrypt(configuration)) as Record<string, unknown>;
      found.channels.push({ id, type, name, configuration: settings });
    } catch (error) {
      const mend = 'give the PARLEY_SECRET_KEY that it was saved with, or enter its settings again';
      found.findings.push(problem(`account ${id}`, (error as Error).message, mend));
    }
  return found;
}
