import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadConfig, loadConfig } from '../../../../src/platform/config';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-config-'));
  mkdirSync(join(folder, 'knowledge-base'));
  mkdirSync(join(folder, 'flows'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (yaml: string) => writeFileSync(join(folder, 'parley.yaml'), yaml);
const problemsOf = (env: Record<string, string>) => {
  try {
    loadConfig(env, folder);
  } catch (error) {
    if (error instanceof BadConfig) return error.problems.map(({ where, message }) => `${where}: ${message}`);
    throw error;
  }
  return [];
};

test('without a file it is the demo on the sandbox, on loopback only', () => {
  const config = loadConfig({ PORT: '4100' }, folder);
  expect(config).toMatchObject({
    demo: true,
    sandbox: true,
    host: '127.0.0.1',
    port: 4100,
    sandboxPort: 4101,
  });
  expect(config.channels.map((channel) => channel.type)).toEqual(['wechat', 'telegram', 'webchat']);
});

test("the demo's passwords are random and stay the same", () => {
  const [first, second] = [loadConfig({}, folder), loadConfig({}, folder)];
  const passwords = first.team.agents.map((agent) => agent.password);
  expect(new Set(passwords).size).toBe(passwords.length);
  expect(passwords).toEqual(second.team.agents.map((agent) => agent.password));
  expect(passwords.every((password) => /^[a-z0-9-]{14}$/.test(password))).toBe(true);
});

test('every problem of environment and file is reported at once', () => {
  write(
    'channels: [{ id: Bad Id, type: wechat, name: x }]\nkolor: red\nllm: { provider: nobody, model: m }\n',
  );
  const problems = problemsOf({ PORT: 'many', PARLEY_SECRET_KEY: 'short' });
  const file = join(folder, 'parley.yaml');
  expect(problems).toEqual([
    expect.stringMatching(/^PORT: /),
    expect.stringMatching(/^PARLEY_SECRET_KEY: .*32/),
    expect.stringContaining(`${file} channels.0.id: `),
    expect.stringContaining(`${file} llm.provider: `),
    `${file} kolor: is not a known key`,
  ]);
});

test('a variable in the file that is not set is a problem with its path', () => {
  write('channels: [{ id: wx, type: wechat, name: x, configuration: { token: "${NOT_THERE}" } }]');
  expect(problemsOf({})).toEqual([
    expect.stringContaining('channels.0.configuration.token: the environment variable NOT_THERE'),
  ]);
});

test('variables of the environment stand in the file', () => {
  write('channels: [{ id: wx, type: wechat, name: x, configuration: { token: "a-${TOKEN}" } }]');
  expect(loadConfig({ TOKEN: 'b' }, folder).channels[0]?.configuration).toEqual({ token: 'a-b' });
});

test('a PARLEY_CONFIG that names no file is a problem', () => {
  expect(problemsOf({ PARLEY_CONFIG: 'nowhere.yaml' })).toEqual([
    expect.stringMatching(/^PARLEY_CONFIG: names no file/),
  ]);
});

test('MONGODB_URL needs a secret key', () => {
  expect(problemsOf({ MONGODB_URL: 'mongodb://127.0.0.1/parley' })).toEqual([
    expect.stringMatching(/^PARLEY_SECRET_KEY: is required/),
  ]);
});

test('YAML that cannot be read is a problem, not a crash', () => {
  write('channels: [');
  expect(problemsOf({}).length).toBeGreaterThan(0);
});

test('relative paths are relative to the file', () => {
  const elsewhere = join(folder, 'etc');
  for (const name of ['articles', 'flows']) mkdirSync(join(elsewhere, name), { recursive: true });
  writeFileSync(join(elsewhere, 'shop.yaml'), 'knowledgeBase: ./articles');
  const config = loadConfig({ PARLEY_CONFIG: 'etc/shop.yaml' }, folder);
  expect(config).toMatchObject({ knowledgeBase: join(elsewhere, 'articles'), demo: false, sandbox: false });
});

test('the same account id twice is a problem', () => {
  write('channels: [{ id: a, type: webchat, name: x }, { id: a, type: webchat, name: y }]');
  expect(problemsOf({})).toEqual([expect.stringContaining('channels.1.id: a stands twice')]);
});

test.each([
  ['PORT', '0'],
  ['PORT', '65536'],
  ['PORT', '80 80'],
  ['SANDBOX_PORT', '1e3'],
  ['HOST', 'my host'],
  ['PARLEY_DRAIN_MS', '-1'],
  ['PARLEY_PUBLIC_URL', 'ftp://parley.example'],
  ['PARLEY_PUBLIC_URL', 'https://parley.example/?shop=1'],
  ['PARLEY_PUBLIC_URL', 'https://parley.example/#top'],
  ['PARLEY_PUBLIC_URL', 'https://parley.example/?'],
  ['PARLEY_PUBLIC_URL', 'https://admin:secret@parley.example'],
  ['PARLEY_TRUST_PROXY', 'true'],
  ['PARLEY_TRUST_PROXY', '21'],
  ['PARLEY_TRUST_PROXY', '-1'],
  ['PARLEY_TRUST_PROXY', '0.0.0.0/0'],
  ['PARLEY_TRUST_PROXY', '::/0'],
  ['PARLEY_TRUST_PROXY', '10.0.0.0/33'],
  ['PARLEY_TRUST_PROXY', '10.0.0.0/8/8'],
  ['PARLEY_TRUST_PROXY', '10.0.0.1,,10.0.0.2'],
  ['PARLEY_TRUST_PROXY', 'proxy.example'],
  ['LOG_LEVEL', 'loud'],
  ['MONGODB_URL', 'http://127.0.0.1'],
  ['REDIS_URL', '127.0.0.1:6379'],
])('%s=%s is one problem that says what is wanted', (name, value) => {
  const key: Record<string, string> = name === 'MONGODB_URL' ? { PARLEY_SECRET_KEY: 'x'.repeat(32) } : {};
  const [problem, ...others] = problemsOf({ ...key, [name]: value });
  expect(problem).toMatch(new RegExp(`^${name}: must be`));
  expect(others).toEqual([]);
});

test.each([
  [undefined, 0],
  ['', 0],
  ['0', 0],
  ['2', 2],
  ['loopback', ['loopback']],
  ['10.0.0.0/8, 2001:db8::1', ['10.0.0.0/8', '2001:db8::1']],
])('PARLEY_TRUST_PROXY=%s trusts %j', (value, trustProxy) => {
  const env = value === undefined ? {} : { PARLEY_TRUST_PROXY: value };
  expect(loadConfig(env, folder).trustProxy).toEqual(trustProxy);
});

test('an empty variable is one that is not set', () => {
  expect(loadConfig({ PORT: '', LOG_LEVEL: '', PARLEY_CONFIG: '' }, folder)).toMatchObject({ port: 3000 });
});

test('a wrong variable hides no problem of the others, nor of the file', () => {
  write('channels: [{ id: tg, type: telegram, name: x, configuration: { botToken: 7 } }]\nkolor: red');
  const check = () => [{ path: 'configuration.botToken', message: 'must be text' }];
  try {
    loadConfig({ LOG_LEVEL: 'loud', PORT: '65535', METRICS_PORT: '65535' }, folder, check);
    throw new Error('was accepted');
  } catch (error) {
    expect((error as BadConfig).problems.map(({ where }) => where)).toEqual([
      'LOG_LEVEL',
      `${join(folder, 'parley.yaml')} kolor`,
      `${join(folder, 'parley.yaml')} channels.0.configuration.botToken`,
      'METRICS_PORT',
    ]);
  }
});

test.each([
  [{ PORT: '4000', SANDBOX_PORT: '4000' }, /^SANDBOX_PORT: 4000 is PORT/],
  [{ PORT: '4000', METRICS_PORT: '4000' }, /^METRICS_PORT: is PORT too/],
  [{ PORT: '65535' }, /^SANDBOX_PORT: must be set/],
])("the ports of %j are in each other's way", (env, problem) => {
  expect(problemsOf(env as unknown as Record<string, string>)).toEqual([expect.stringMatching(problem)]);
});

test('a data dir that is a file, or lies below one, is a problem', () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  for (const dataDir of [file, join(file, 'below')])
    expect(problemsOf({ PARLEY_DATA_DIR: dataDir })).toEqual([`PARLEY_DATA_DIR: ${file} is no folder`]);
});

test('a data dir where no folder can be made ends with one line', () => {
  expect(() => loadConfig({ PARLEY_DATA_DIR: '/proc/parley/data' }, folder)).toThrow(
    /^PARLEY_DATA_DIR: \/proc\/parley cannot be made \(\w+\)\.$/,
  );
});

test('an IPv6 host stands in brackets in the public address', () => {
  expect(loadConfig({ HOST: '::1', PORT: '4000' }, folder).publicUrl).toBe('http://[::1]:4000');
});

test('references that multiply are a problem, not a full memory', () => {
  const lines = Array.from(
    { length: 8 },
    (_unused, at) => `k${at + 1}: &l${at + 1} [${`*l${at},`.repeat(9)}]`,
  );
  write(['k0: &l0 [x]', ...lines].join('\n'));
  expect(problemsOf({})).toEqual([expect.stringMatching(/alias/i)]);
});
