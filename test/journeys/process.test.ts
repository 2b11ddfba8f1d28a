import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from '../support/api-client';
import { freePort } from '../support/free-port';
import { childrenOf, isAlive, listenersOf } from '../support/processes';
import { ServerProcess } from '../support/server-process';
import { freshDatabaseUrl, closeStore } from '../support/store';
import { until } from '../support/until';

let folder: string;
let env: Record<string, string>;
let server: ServerProcess;
beforeAll(async () => {
  ServerProcess.build();
  folder = mkdtempSync(join(tmpdir(), 'parley-process-'));
  const [port, sandboxPort] = [await freePort(), await freePort()];
  env = {
    PORT: `${port}`,
    SANDBOX_PORT: `${sandboxPort}`,
    PARLEY_DATA_DIR: join(folder, 'data'),
    ...(process.env['TEST_MONGODB_URL'] && {
      MONGODB_URL: await freshDatabaseUrl(),
      PARLEY_SECRET_KEY: 'k'.repeat(32),
    }),
    ...(process.env['TEST_REDIS_URL'] && { REDIS_URL: process.env['TEST_REDIS_URL'] }),
  };
  server = new ServerProcess(env, `http://127.0.0.1:${port}`);
  await server.start();
}, 60_000);
afterAll(async () => {
  await server.end('SIGKILL');
  await closeStore();
  rmSync(folder, { recursive: true, force: true });
});

const logins = () =>
  [...server.output.matchAll(/^ {2}(admin|supervisor|agent) +(\S+@\S+) +([A-Za-z0-9-]+)$/gm)].map(
    ([, role = '', email = '', password = '']) => ({ role, email, password }),
  );
const signIn = (role: string) => {
  const { email = '', password = '' } = logins().find((login) => login.role === role) ?? {};
  return ApiClient.signIn(server.url, email, password);
};
const pid = () => server.pid ?? 0;

/** One try to start that is meant to fail. */
async function refusal(more: Record<string, string>): Promise<string> {
  const other = new ServerProcess({ ...env, ...more }, server.url);
  await expect(other.start()).rejects.toThrow('ended at its start');
  expect(await other.end('SIGTERM')).toBe(1);
  return other.output.trim();
}

test('the demo prints a login for each role, and each signs in', async () => {
  expect(logins().map(({ role }) => role)).toEqual(['admin', 'supervisor', 'agent', 'agent']);
  for (const { email, password, role } of logins())
    expect((await ApiClient.signIn(server.url, email, password)).agent.role).toBe(role);
});

test('the demo starts its sandbox before it calls the platforms: no warning meets a newcomer', async () => {
  expect(server.output).not.toMatch(/"level":(40|50)/);
  expect(server.output).toMatch(/^ {2}console +http:\/\/127\.0\.0\.1:\d+\/$/m);
  const admin = await signIn('admin');
  const read = async () =>
    (await admin.get<{ items: { health: { state: string } }[] }>('/channels')).body.items;
  const accounts = await admin.until(read, (all) => all.every(({ health }) => health.state === 'ok'));
  expect(accounts).toHaveLength(3);
});

test('nothing listens beyond this machine', () => {
  const listeners = [pid(), ...childrenOf(pid())].flatMap(listenersOf);
  expect(listeners.map(({ port }) => `${port}`).sort()).toEqual([env['PORT'], env['SANDBOX_PORT']].sort());
  expect(listeners.filter(({ address }) => address !== '127.0.0.1')).toEqual([]);
});

test('a port in use is told in one line that names it', async () => {
  const problem = await refusal({
    PARLEY_DATA_DIR: join(folder, 'other'),
    SANDBOX_PORT: `${await freePort()}`,
  });
  expect(problem).toMatch(new RegExp(`^Port ${env['PORT']} of 127\\.0\\.0\\.1 is in use.*set PORT.*$`));
});

test("the sandbox's port in use is told in one line that names its variable", async () => {
  const problem = await refusal({ PARLEY_DATA_DIR: join(folder, 'other'), PORT: `${await freePort()}` });
  expect(problem).toMatch(/^The sandbox could not start: .*in use.*SANDBOX_PORT.*$/);
});

test('a bad configuration is reported whole, before anything is opened', async () => {
  const file = join(folder, 'bad.yaml');
  writeFileSync(
    file,
    'channels: [{ id: wx, type: wechat, name: x, configuration: { token: 1 } }]\nkolor: red\n',
  );
  const dataDir = join(folder, 'never');
  const problem = await refusal({ PARLEY_CONFIG: file, LOG_LEVEL: 'loud', PARLEY_DATA_DIR: dataDir });
  for (const where of ['LOG_LEVEL: ', ` channels.0.configuration.appId: `, ` kolor: `])
    expect(problem).toContain(where);
  expect(problem).not.toMatch(/\n +at /);
  expect(existsSync(dataDir)).toBe(false);
});

test('killed, it leaves no process behind; started again, nothing is lost', async () => {
  const admin = await signIn('admin');
  const team = { id: 'kept', name: '留下来的', memberIds: [] };
  expect((await admin.post('/teams', team)).status).toBe(201);
  const before = logins();
  const children = childrenOf(pid());
  expect(children).toHaveLength(1);
  await server.end('SIGKILL');
  await until(() => !children.some(isAlive));
  await server.start();
  expect(logins()).toEqual(before);
  // The token of before the kill is still good.
  expect((await admin.get<{ items: unknown[] }>('/teams')).body.items).toContainEqual(team);
}, 60_000);

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends all of it with 0',
  async (signal) => {
    const children = childrenOf(pid());
    expect(await server.end(signal)).toBe(0);
    await until(() => !children.some(isAlive));
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow();
    await server.start();
  },
  60_000,
);

test('a server that is told to end while it starts ends with 0 too', async () => {
  await server.end('SIGTERM');
  const starting = server.start().catch(() => undefined);
  await until(() => listenersOf(pid()).length > 0);
  expect(await server.end('SIGTERM')).toBe(0);
  await starting;
}, 60_000);
