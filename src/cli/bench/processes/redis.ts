import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { freePort } from './ours';

export interface Redis {
  url: string;
  pid: number;
  close(): Promise<void>;
}

/** A Redis of our own, which keeps nothing on disk. Null where there is no redis-server. */
export async function startRedis(): Promise<Redis | null> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return null;
  const port = await freePort();
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  const exit = once(server, 'exit');
  const close = async () => {
    server.kill('SIGTERM');
    await exit;
  };
  for (let tries = 0; tries < 100; tries++) {
    if (await listens(port)) return { url: `redis://127.0.0.1:${port}`, pid: server.pid ?? -1, close };
    await new Promise((wait) => setTimeout(wait, 50));
  }
  await close();
  throw new Error('Redis did not start.');
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
