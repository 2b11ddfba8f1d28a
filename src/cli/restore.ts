import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { readArchive } from '../platform/mongo/archive';
import { openDatabase } from '../platform/mongo/open-database';
import { startProblem } from '../platform/start-problem';
import { storeConfig } from './store-config';

/** `npm run restore -- FILE`: fills an empty store from a backup. Stop the server first. */
async function main(): Promise<void> {
  const [name] = process.argv.slice(2);
  if (!name) throw new Error('Name the file: npm run restore -- parley.backup');
  const { client, database, close } = await openDatabase(storeConfig());
  try {
    const { collections, documents } = await readArchive(client.db(database), () =>
      createReadStream(resolve(name)),
    );
    console.log(`${documents} documents of ${collections} collections are restored.`);
  } finally {
    await close();
  }
}

main().catch((error: unknown) => {
  console.error(startProblem(error));
  process.exitCode = 1;
});
