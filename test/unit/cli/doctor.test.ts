import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineAccounts } from '../../../src/channels/host/accounts';
import { accountFindings } from '../../../src/cli/doctor/accounts';
import { clockFinding } from '../../../src/cli/doctor/clock';
import { articleFindings, flowFindings } from '../../../src/cli/doctor/content';
import { reported, type Finding } from '../../../src/cli/doctor/finding';
import { policyFindings } from '../../../src/cli/doctor/policies';
import { redisFindings } from '../../../src/cli/doctor/redis';
import { nodeFindings, serverFindings } from '../../../src/cli/doctor/server';
import { isUnpatched, storeFindings } from '../../../src/cli/doctor/store';
import { loadConfig, type Config } from '../../../src/platform/config';
import { connectMongo } from '../../../src/platform/mongo/connection';
import { SecretBox } from '../../../src/platform/secrets';
import { startEmbeddedStore } from '../../../src/platform/mongo/embedded';
import { fakeServer, type FakeServer, type Received } from '../../support/fake-server';
import { freePort } from '../../support/free-port';

let folder: string;
const servers: FakeServer[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-doctor-'));
  for (const name of ['knowledge-base', 'flows', 'data']) mkdirSync(join(folder, name));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const wrong = (findings: Finding[]) =>
  findings.filter(({ state }) => state !== 'ok').map((one) => `${one.state} ${one.area}: ${one.what}`);
const configOf = (yaml: object, env: Record<string, string> = {}): Config => {
  writeFileSync(join(folder, 'parley.yaml'), JSON.stringify(yaml));
  return loadConfig(env, folder);
};
const serve = async (answer: Parameters<typeof fakeServer>[0]) => {
  const server = await fakeServer(answer);
  servers.push(server);
  return server;
};

test('every problem is reported with its mend', () => {
  expect(reported({ area: 'Redis', state: 'problem', what: 'away', mend: 'start it' })).toBe(
    '✗ Redis: away\n    → start it',
  );
});

test.each([
  ['20.18.9', 1],
  ['18.20.0', 1],
  ['20.19.0', 0],
  ['24.1.0', 0],
])('Node %s has %i problems', (version, problems) => {
  expect(wrong(nodeFindings(version))).toHaveLength(problems);
});

test('an article without a title and a flow that leads nowhere are problems with their file', () => {
  const config = configOf({});
  writeFileSync(join(config.knowledgeBase, 'bad.md'), '---\nlanguage: en\n---\nAn answer.');
  writeFileSync(join(config.knowledgeBase, 'good.md'), '---\ntitle: Q\nlanguage: en\n---\nAn answer.');
  writeFileSync(
    join(config.flows, 'lost.yaml'),
    'id: lost\ntitle: { en: x }\ntriggers: [x]\nstart: a\nsteps: { a: { kind: say, text: { en: x }, next: gone } }',
  );
  expect(wrong(articleFindings(config))).toEqual([expect.stringMatching(/bad\.md: title/)]);
  expect(wrong(flowFindings(config))).toEqual([expect.stringMatching(/lost\.yaml: .*gone/)]);
});

test('a flow that calls what the configuration does not name is found', () => {
  const flow = (id: string, url: string) =>
    writeFileSync(
      join(folder, 'flows', `${id}.yaml`),
      `id: ${id}\ntitle: { en: x }\ntriggers: [x]\nstart: a\nsteps: { a: { kind: call, url: '${url}', onError: b, next: b }, b: { kind: end } }`,
    );
  flow('orders', '{config.orderApi}/orders');
  flow('inside', 'http://10.0.0.7/stock');
  expect(wrong(flowFindings(configOf({})))).toEqual([
    expect.stringMatching(/^warning flows: inside\.a calls http:\/\/10\.0\.0\.7/),
    expect.stringMatching(/^problem flows: orders\.a .*orderApi is not set/),
  ]);
  const actions = { allow: ['http://10.0.0.7', 'http://127.0.0.1:3001'], orderApi: 'http://127.0.0.1:3001' };
  expect(wrong(flowFindings(configOf({ actions })))).toEqual([]);
});

test.each<[string, object, RegExp]>([
  [
    'an SLA behind one that takes all',
    { sla: [{ name: 'all' }, { name: 'vip', when: { tags: ['vip'] } }] },
    /vip never applies/,
  ],
  [
    'SLAs without a last one for all',
    { sla: [{ name: 'vip', when: { tags: ['vip'] } }] },
    /no SLA applies to everything/,
  ],
  [
    'a solution before the first answer',
    { sla: [{ name: 's', firstResponseMinutes: 60, resolutionMinutes: 30 }] },
    /solution before/,
  ],
  [
    'a channel that is none',
    { sla: [{ name: 'a', when: { channels: ['fax'] } }, { name: 'b' }] },
    /channel fax/,
  ],
  [
    'a day that is open and closed',
    { hours: { week: { mon: [['09:00', '18:00']] }, holidays: ['2026-10-01'], workdays: ['2026-10-01'] } },
    /holiday and a workday/,
  ],
  [
    'a team member whom nobody knows',
    {
      team: {
        agents: [{ email: 'a@acme.test', password: 'long enough 1', name: 'A', role: 'admin' }],
        teams: [{ id: 't', name: 'T', members: ['b@acme.test'] }],
      },
    },
    /team t names b@acme\.test/,
  ],
  [
    'people without an admin',
    { team: { agents: [{ email: 'a@acme.test', password: 'long enough 1', name: 'A' }] } },
    /no admin/,
  ],
])('%s is found', (_what, yaml, expected) => {
  expect(wrong(policyFindings(configOf(yaml)))).toEqual([expect.stringMatching(expected)]);
});

test('policies that make sense have no findings', () => {
  expect(wrong(policyFindings(configOf({})))).toEqual([]);
});

test('the embedded store is opened and written to, and one in use is in order', async () => {
  const config = configOf({});
  expect(await storeFindings(config)).toEqual([
    { area: 'embedded store', state: 'ok', what: 'takes writes' },
  ]);
  const running = await startEmbeddedStore({ dataDir: join(config.dataDir, 'store'), inWorker: false });
  expect(await storeFindings(config)).toEqual([
    expect.objectContaining({ what: expect.stringMatching(/running Parley/) }),
  ]);
  await running.close();
});

test('a store and a Redis that are away are problems', async () => {
  const port = await freePort();
  const away = `127.0.0.1:${port}`;
  expect(
    wrong(
      await storeFindings({
        mongodbUrl: `mongodb://${away}/x?serverSelectionTimeoutMS=200`,
        dataDir: folder,
      }),
    ),
  ).toEqual([expect.stringMatching(/^problem MongoDB: cannot be reached/)]);
  expect(wrong(await redisFindings({ redisUrl: `redis://${away}` }))).toEqual([
    expect.stringMatching(/^problem Redis: cannot be used .*ECONNREFUSED/),
  ]);
}, 30_000);

test.each([
  ['8.0.16', true],
  ['8.0.17', false],
  ['7.0.27', true],
  ['8.2.3', false],
  ['9.0.0', false],
])('MongoDB %s leaks: %s', (version, leaks) => expect(isUnpatched(version)).toBe(leaks));

test.each<[number, Finding['state']]>([
  [200, 'ok'],
  [-2_000, 'warning'],
  [60_000, 'problem'],
])('clocks %i ms apart: %s', (skewMs, state) => expect(clockFinding('Redis', skewMs).state).toBe(state));

describe('accounts', () => {
  const wechat = { appId: 'wx1', appSecret: 's', token: 't0ken' };
  const telegram = { botToken: '7:abc', secretToken: 'hush' };
  const config = (platform: FakeServer, parley: FakeServer) =>
    configOf(
      {
        channels: [
          { id: 'wx', type: 'wechat', name: 'x', configuration: { ...wechat, apiBaseUrl: platform.url } },
          { id: 'tg', type: 'telegram', name: 'y', configuration: { ...telegram, apiBaseUrl: platform.url } },
        ],
      },
      { PARLEY_PUBLIC_URL: parley.url },
    );
  const webhook = ({ path, query, headers }: Received) => {
    if (path === '/readyz') return { json: { status: 'ok', reason: null, degraded: [] } };
    if (path === '/webhooks/wx') return { text: query.get('echostr') ?? '' };
    return { status: headers['x-telegram-bot-api-secret-token'] === telegram.secretToken ? 400 : 403 };
  };

  test('that their platforms know, with webhooks that answer, are in order', async () => {
    const parley = await serve(webhook);
    const platform = await serve(({ path }) => {
      if (path === '/cgi-bin/stable_token') return { json: { access_token: 'a', expires_in: 7_200 } };
      if (path === '/bot7:abc/getMe') return { json: { ok: true, result: { username: 'acme_bot' } } };
      return { json: { ok: true, result: { url: `${parley.url}/webhooks/tg`, pending_update_count: 0 } } };
    });
    const findings = await accountFindings(config(platform, parley));
    expect(wrong(findings)).toEqual([]);
    expect(findings.map(({ what }) => what)).toContain('Telegram knows it as @acme_bot');
    expect(wrong(await serverFindings(config(platform, parley)))).toEqual([]);
  });

  test('with wrong credentials and a webhook elsewhere each have a mend that says where', async () => {
    const parley = await serve(() => ({ status: 404 }));
    const platform = await serve(({ path }) => {
      if (path === '/cgi-bin/stable_token') return { json: { errcode: 40125, errmsg: 'invalid appsecret' } };
      if (path.endsWith('/getMe')) return { json: { ok: true, result: { username: 'acme_bot' } } };
      return { json: { ok: true, result: { url: 'https://elsewhere.example/hook' } } };
    });
    const findings = await accountFindings(config(platform, parley));
    expect(wrong(findings)).toEqual([
      expect.stringMatching(/^problem account wx: WeChat: 40125/),
      expect.stringMatching(/^problem account wx: its webhook .* answers 404/),
      expect.stringMatching(/^problem account tg: Telegram sends to https:\/\/elsewhere/),
      expect.stringMatching(/^problem account tg: its webhook .* answers 404/),
    ]);
    expect(findings.map(reported).join('\n')).toMatch(/→ correct appSecret/);
    expect(JSON.stringify(findings)).not.toContain(telegram.botToken);
  });

  test('of the demo wait for the sandbox, which is no problem', async () => {
    const [port, sandboxPort] = [await freePort(), await freePort()];
    const env = { PORT: `${port}`, SANDBOX_PORT: `${sandboxPort}` };
    const findings = await accountFindings(loadConfig(env, folder));
    expect(findings.map(({ state }) => state)).toEqual(['warning', 'warning', 'ok']);
  });
});

test('an account that the console has added is checked too, and one whose secrets cannot be read is a problem', async () => {
  const platform = await serve(() => ({ status: 401, json: { ok: false, description: 'Unauthorized' } }));
  const key = 'k'.repeat(40);
  const config = configOf({ channels: [] }, { PARLEY_SECRET_KEY: key });
  const store = await startEmbeddedStore({ dataDir: join(config.dataDir, 'store'), inWorker: false });
  const connection = await connectMongo(store.url);
  const account = (id: string, secret: string) => ({
    _id: id,
    type: 'telegram',
    name: id,
    source: 'console',
    enabled: true,
    createdAt: new Date(0),
    configuration: new SecretBox(secret).encrypt(
      JSON.stringify({ botToken: '7001:abc', secretToken: 's', apiBaseUrl: platform.url }),
    ),
  });
  await defineAccounts(connection).insertMany([account('added', key), account('sealed', 'o'.repeat(40))]);
  await connection.close();
  await store.close();
  const found = wrong(await accountFindings(config));
  expect(found).toContainEqual(expect.stringMatching(/^problem account added: .*401/));
  expect(found).toContainEqual(expect.stringMatching(/^problem account sealed: .*another PARLEY_SECRET_KEY/));
});
