// A MongoDB server for the tests: the one named, or a mongod of this machine. Null when there is none.
import { spawnSync } from 'node:child_process';

export async function findMongo() {
  if (process.env.TEST_MONGODB_URL) return { url: process.env.TEST_MONGODB_URL, async stop() {} };
  const binary = process.env.MONGOMS_SYSTEM_BINARY ?? which('mongod');
  if (!binary) return null;
  const { MongoMemoryReplSet } = await import('mongodb-memory-server-core');
  const set = await MongoMemoryReplSet.create({ replSet: { count: 1 }, binary: { systemBinary: binary } });
  return { url: set.getUri(), stop: () => set.stop() };
}

function which(name) {
  const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}
