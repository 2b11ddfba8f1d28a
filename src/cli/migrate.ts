import { hostname } from 'node:os';
import { defineModels } from '../models';
import { systemClock } from '../platform/clock';
import { newId } from '../platform/ids';
import { connectMongo } from '../platform/mongo/connection';
import { migrate } from '../platform/mongo/migrate';
import { openDatabase } from '../platform/mongo/open-database';
import { startProblem } from '../platform/start-problem';
import { Leases } from '../platform/work/leases';
import { storeConfig } from './store-config';

/** `npm run migrate`: makes the indexes that this version declares, while servers run. */
async function main(): Promise<void> {
  const { url, close } = await openDatabase(storeConfig());
  try {
    const connection = await connectMongo(url);
    try {
      defineModels(connection);
      const made = await migrate(connection, new Leases(connection, newId(hostname()), systemClock));
      for (const name of made) console.log(name);
      console.log(made.length === 0 ? 'All indexes are there.' : `${made.length} indexes made.`);
    } finally {
      await connection.close();
    }
  } finally {
    await close();
  }
}

main().catch((error: unknown) => {
  console.error(startProblem(error));
  process.exitCode = 1;
});
