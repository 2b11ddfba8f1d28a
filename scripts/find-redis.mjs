// A real Redis for the tests: the one named, one that listens, or one that we start for this run.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Null when there is none; with CI=true that is a failure. */
export async function findRedis() {
  if (process.env.TEST_REDIS_URL) return { url: process.env.TEST_REDIS_URL, stop() {} };
  if (await listens(6379)) return { url: 'redis://127.0.0.1:6379', stop() {} };
  if (spawnSync('redis-server', ['--version']).status === 0) return startRedis();
  if (process.env.CI === 'true') {
    console.error('No Redis found, and with CI=true that is a failure.');
    process.exit(1);
  }
  console.log('No Redis found (TEST_REDIS_URL, port 6379 or redis-server): its suites are left out.');
  return null;
}

async function startRedis() {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'parley-redis-'));
  const options = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    dir,
  ];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  const stop = () => {
    server.kill('SIGTERM');
    rmSync(dir, { recursive: true, force: true });
  };
  process.on('exit', stop);
  for (let tries = 0; tries < 100 && !(await listens(port)); tries++)
    await new Promise((next) => setTimeout(next, 50));
  return { url: `redis://127.0.0.1:${port}`, stop };
}

export function listens(port) {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
