// A MongoDB server for the tests: the one named, or a mongod of this machine. Null when there is none.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

export async function findMongo() {
  const url = process.env.TEST_MONGODB_URL || (await announced(process.env.TEST_MONGODB_URL_FILE));
  if (url) return { url, async stop() {} };
  const binary = process.env.MONGOMS_SYSTEM_BINARY ?? which('mongod');
  if (!binary) return null;
  const { MongoMemoryReplSet } = await import('mongodb-memory-server-core');
  const set = await MongoMemoryReplSet.create({ replSet: { count: 1 }, binary: { systemBinary: binary } });
  return { url: set.getUri(), stop: () => set.stop() };
}

/** For a server that is still being built: its URL is in this file once that has ended, or nothing is. */
async function announced(file) {
  if (!file) return '';
  while (!existsSync(file)) await setTimeout(200);
  return readFileSync(file, 'utf8').trim();
}

function which(name) {
  const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}
