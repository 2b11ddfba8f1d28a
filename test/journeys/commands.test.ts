import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MongoClient } from 'mongodb';
import { freePort } from '../support/free-port';
import { childrenOf, isAlive } from '../support/processes';
import { until } from '../support/until';

const root = resolve(__dirname, '../..');
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'parley-commands-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Command {
  child: ChildProcess;
  output: () => string;
  exit: Promise<number | null>;
}

/** `npm run …` as a person types it. */
function run(script: string, args: string[] = [], env: Record<string, string> = {}): Command {
  const child = spawn('npm', ['run', '--silent', script, ...(args.length > 0 ? ['--', ...args] : [])], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: folder, PARLEY_DATA_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, exit: once(child, 'close').then(([code]) => code as number | null) };
}

const family = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(family)];

test('`npm run store` prints one URL that any client of MongoDB takes, and ends with 0 leaving nothing', async () => {
  const store = run('store', ['--port', '0']);
  const url = await until(() => /^mongodb:\/\/127\.0\.0\.1:\d+\S*$/m.exec(store.output())?.[0]);
  expect(store.output().trim()).toBe(url);
  const client = await new MongoClient(url ?? '').connect();
  await client.db('shop').collection('orders').insertOne({ number: 7 });
  expect(await client.db('shop').collection('orders').countDocuments({ number: 7 })).toBe(1);
  await client.close();
  const processes = family(store.child.pid ?? 0);
  store.child.kill('SIGTERM');
  expect(await store.exit).toBe(0);
  await until(() => !processes.some(isAlive));
}, 60_000);

test('without a port it listens on a socket that only its owner may open', async () => {
  const store = run('store');
  const url = await until(() => /^mongodb:\/\/\S+$/m.exec(store.output())?.[0]);
  const path = decodeURIComponent(/^mongodb:\/\/([^/]+)/.exec(url ?? '')?.[1] ?? '');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const second = run('store');
  expect(await second.exit).toBe(1);
  expect(second.output()).toMatch(/^The data in .* is in use by another Parley process\.\n$/);
  store.child.kill('SIGTERM');
  expect(await store.exit).toBe(0);
}, 60_000);

test('a port that is none is told in one line', async () => {
  const store = run('store', ['--port', 'many']);
  expect(await store.exit).toBe(1);
  expect(store.output()).toMatch(/^--port many: must be a port.*\n$/);
}, 60_000);

test('`npm run doctor` finds the demo in order, and exits 1 with a mend where something is wrong', async () => {
  const ports = { PORT: `${await freePort()}`, SANDBOX_PORT: `${await freePort()}` };
  const healthy = run('doctor', [], ports);
  expect(await healthy.exit).toBe(0);
  expect(healthy.output()).toMatch(/^✓ articles: \d+ in en, zh-CN$/m);
  expect(healthy.output()).toMatch(/^0 problems, \d+ warnings, \d+ in order$/m);
  const ill = run('doctor', [], { PORT: 'many', LOG_LEVEL: 'loud' });
  expect(await ill.exit).toBe(1);
  expect(ill.output()).toMatch(/✗ configuration: PORT: .*\n {4}→ [\s\S]*✗ configuration: LOG_LEVEL/);
}, 60_000);

test('`npm run migrate` makes the indexes, beside a running store too, and a second run finds nothing to do', async () => {
  const first = run('migrate');
  expect([await first.exit, first.output()]).toEqual([0, expect.stringMatching(/^agents\.emailLower_1$/m)]);
  expect(first.output()).toMatch(/^\d+ indexes made\.$/m);
  const store = run('store');
  await until(() => /^mongodb:\/\/\S+$/m.exec(store.output())?.[0]);
  const second = run('migrate');
  expect([await second.exit, second.output()]).toEqual([0, 'All indexes are there.\n']);
  store.child.kill('SIGTERM');
  expect(await store.exit).toBe(0);
}, 60_000);
