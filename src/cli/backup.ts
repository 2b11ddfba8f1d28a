import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeArchive } from '../platform/mongo/archive';
import { openDatabase } from '../platform/mongo/open-database';
import { startProblem } from '../platform/start-problem';
import { storeConfig } from './store-config';

/** `npm run backup -- FILE`: everything in the store, in one file, while the server runs. */
async function main(): Promise<void> {
  const [name] = process.argv.slice(2);
  if (!name) throw new Error('Name the file: npm run backup -- parley.backup');
  const file = resolve(name);
  const { client, database, close } = await openDatabase(storeConfig());
  try {
    // A file with the right name is always whole.
    const { collections, documents } = await writeArchive(
      client.db(database),
      createWriteStream(`${file}.part`, { mode: 0o600, flush: true }),
    );
    renameSync(`${file}.part`, file);
    console.log(`${file}: ${documents} documents of ${collections} collections.`);
  } catch (error) {
    rmSync(`${file}.part`, { force: true });
    throw error;
  } finally {
    await close();
  }
}

main().catch((error: unknown) => {
  console.error(startProblem(error));
  process.exitCode = 1;
});
