import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { createApp } from '../../src/app';
import type { MessageView } from '../../src/contract/messages';
import { createLogger } from '../../src/platform/log';
import { writeArchive } from '../../src/platform/mongo/archive';
import { openDatabase } from '../../src/platform/mongo/open-database';
import { startProblem } from '../../src/platform/start-problem';
import type { ApiClient } from '../support/api-client';
import { allRoutes } from '../support/contract-walk';
import { freePort } from '../support/free-port';
import { isWith, people, startJourney, type Journey } from '../support/journey';
import { openVisitorPage } from '../support/visitor-page';
import { closeStore } from '../support/store';

const secret = () => randomBytes(16).toString('hex');
/** Given over the API, and to an account whose platform cannot be reached. */
const given = { password: secret(), wrongPassword: secret(), botToken: `7:${secret()}`, secretToken: secret(), appSecret: secret(), unreachable: `8:${secret()}`, llmKey: `sk-${secret()}`, redisPassword: secret(), storePassword: secret() }; // prettier-ignore

/** Where no platform listens. */
let nowhere: string;
const logged: string[] = [];
/** What the API said, apart from the answers whose purpose is to hand a token over. */
const said: string[] = [];
/** Every secret there is, by its name. */
const canaries = new Map<string, string>(Object.entries(given));
let journey: Journey;
let admin: ApiClient;
let li: ApiClient;

beforeAll(async () => {
  nowhere = `http://127.0.0.1:${await freePort()}`;
  const log = createLogger('trace', { write: (line: string) => void logged.push(line) });
  journey = await startJourney((config) => {
    const lost = { botToken: given.unreachable, secretToken: secret(), apiBaseUrl: nowhere };
    config.llm = { provider: 'openai', model: 'none', baseUrl: nowhere, apiKey: given.llmKey };
    config.redisUrl = `redis://parley:${given.redisPassword}@127.0.0.1:${new URL(nowhere).port}`;
    config.channels.push({ id: 'lost', type: 'telegram', name: 'Lost', configuration: lost });
  }, log);
  admin = await journey.as('admin');
  li = await journey.as('li');
  collectSecrets();
}, 60_000);
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

const secretSettings = ['appSecret', 'token', 'encodingAesKey', 'botToken', 'secretToken'];

function collectSecrets() {
  for (const { id, configuration } of journey.config.channels)
    for (const name of secretSettings) {
      const value = configuration[name];
      if (typeof value === 'string') canaries.set(`${id} ${name}`, value);
    }
  for (const { email, password } of journey.config.team.agents)
    canaries.set(`password of ${email}`, password);
  canaries.set('secret key', journey.config.secretKey ?? '');
  canaries.set('session of the admin', admin.token);
  canaries.set('session of li', li.token);
}

async function keepSaid(method: string, path: string, body?: unknown, token = admin.token) {
  const answer = await fetch(journey.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  said.push(`${method} ${path} ${answer.status} ${await answer.text()}`);
  return answer.status;
}

/** A customer who is answered by the bot and by an agent, while the platform fails in several ways. */
async function talkInTrouble(channel: 'telegram' | 'wechat', accountId: string) {
  const phone = journey.sandbox[channel].customer(accountId, `canary ${channel}`);
  journey.sandbox.control(accountId, { fail: { count: 1, status: 500 } });
  await phone.sendText('转人工');
  const [found] = await li.until(
    async () => (await li.conversations('?status=queued&limit=100')).filter(isWith(phone)),
    (all) => all.length === 1,
    15_000,
  );
  const path = `/conversations/${found?.id}`;
  expect((await li.post(`${path}/claim`)).status).toBe(200);
  const until = (isThere: (message: MessageView) => boolean) =>
    li.until(
      () => li.messages(found?.id ?? ''),
      (all) => all.some(isThere),
      15_000,
    );
  await until(({ author, delivery }) => author === 'bot' && delivery === 'sent');
  journey.sandbox.control(accountId, { dropAnswers: 1 });
  await li.post(`${path}/messages`, { text: 'is it lost?', clientMessageId: `${channel}1` });
  await until(({ text, delivery }) => text === 'is it lost?' && delivery === 'unknown');
}

async function talkOnTheWeb() {
  const page = await openVisitorPage(journey.url, { account: 'web' });
  canaries.set('visitor token', page.visitorToken);
  await page.send({ clientMessageId: 'c1', text: 'how long until my order ships?' });
  await page.send({ clientMessageId: 'c2', token: page.visitorToken, text: 7 });
  await page.upload(Buffer.from('<html>'), 'a.html');
  const cut = page.visitorToken.slice(0, -1);
  await expect(openVisitorPage(journey.url, { account: 'web', visitorToken: cut })).rejects.toThrow();
  page.socket.disconnect();
}

/** What holds a secret and is refused: the answer must not repeat it. */
async function sendWhatIsRefused() {
  const { email } = people.han;
  const { botToken, secretToken, appSecret, password, wrongPassword } = given;
  const refused: [string, string, unknown][] = [
    ['POST', '/session', { email, password: wrongPassword }],
    ['POST', '/session', { email: wrongPassword, password: { $ne: wrongPassword } }],
    ['POST', '/session', `{"email": "${email}", "password": "${wrongPassword}`],
    ['PUT', '/agents/me/password', { current: wrongPassword, next: password }],
    ['POST', '/agents', { email, name: 'x', password: { wrong: password } }],
    ['POST', '/channels', { id: 'new', type: 'telegram', name: 'New', configuration: { botToken: secretToken } }],
    ['POST', '/channels', { id: 'new', type: 'wechat', name: 'New', configuration: { [appSecret]: appSecret } }],
    ['POST', '/channels', { id: 'new', type: 'none', name: 'New', configuration: { botToken } }],
    ['PATCH', '/channels/acme-telegram', { configuration: { botToken } }],
  ]; // prettier-ignore
  for (const [method, path, body] of refused)
    expect(await keepSaid(method, `/api/v1${path}`, body)).toBeGreaterThanOrEqual(400);
  await keepSaid('GET', '/api/v1/session', undefined, wrongPassword);
  await keepSaid('POST', '/webhooks/acme-telegram', { secretToken });
}

/** An account from the console, and a signed webhook that is not understood: both are kept. */
async function sendWhatIsKept() {
  const configuration = {
    botToken: given.botToken,
    secretToken: given.secretToken,
    apiBaseUrl: nowhere,
  };
  const fresh = { id: 'fresh', type: 'telegram', name: 'Fresh', configuration };
  expect(await keepSaid('POST', '/api/v1/channels', fresh)).toBe(201);
  const strange = await fetch(`${journey.url}/webhooks/fresh`, {
    method: 'POST',
    headers: { 'x-telegram-bot-api-secret-token': given.secretToken },
    body: JSON.stringify({ update_id: 1, poll: {} }),
  });
  expect(strange.status).toBe(200);
}

/** All that can be read: every list, the details of what was set aside, the metrics, the description of the API. */
async function readEverything() {
  for (const [, { method, path }] of allRoutes)
    if (method === 'get' && !path.includes('/:'))
      for (const query of path === '/dead-letters'
        ? ['?kind=outbox', '?kind=inbox', '?kind=quarantine']
        : [''])
        await keepSaid('GET', `/api/v1${path}${query}`);
  for (const kind of ['quarantine', 'outbox']) {
    const { body } = await admin.get<{ items: { id: string }[] }>(`/dead-letters?kind=${kind}`);
    expect(body.items.length).toBeGreaterThan(0);
    for (const { id } of body.items)
      await keepSaid('GET', `/api/v1/dead-letters/${kind}/${encodeURIComponent(id)}`);
  }
  for (const conversation of await admin.conversations('?limit=100'))
    await keepSaid('GET', `/api/v1/conversations/${conversation.id}/messages`);
  for (const path of ['/metrics', '/api/openapi.json', '/readyz', '/nothing-here'])
    await keepSaid('GET', path);
}

test('no secret is in any log line, metric, list, dead letter or error', async () => {
  await talkInTrouble('telegram', 'acme-telegram');
  await talkInTrouble('wechat', 'acme-wechat');
  await talkOnTheWeb();
  await sendWhatIsRefused();
  await sendWhatIsKept();
  await readEverything();
  process.stdout.write(`canaries: ${canaries.size} in ${logged.length} log lines, ${said.length} answers\n`);
  expect([...canaries].filter(([, value]) => value.length < 16)).toEqual([]);
  // Troubles with a platform's address and with what it answers were logged: there was something to search.
  for (const accountId of ['lost', 'fresh', 'acme-telegram', 'acme-wechat'])
    expect(logged.filter((line) => line.includes(`"accountId":"${accountId}"`))).not.toEqual([]);
  expect(leaksIn(logged)).toEqual([]);
  expect(leaksIn(said)).toEqual([]);
}, 120_000);

/** What `npm run backup` writes, unpacked. */
async function backup(): Promise<string> {
  const { client, database, close } = await openDatabase(journey.config);
  const target = new PassThrough();
  const chunks: Buffer[] = [];
  target.on('data', (chunk: Buffer) => chunks.push(chunk));
  await writeArchive(client.db(database), target);
  await close();
  return gunzipSync(Buffer.concat(chunks)).toString('latin1');
}

test('a backup holds what restores it, with every secret sealed or hashed', async () => {
  const { email, password } = journey.config.team.agents[0] ?? { email: '', password: '' };
  const signIn = await fetch(`${journey.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  for (const cookie of signIn.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]+)/.exec(cookie) ?? [];
    canaries.set(`cookie ${name}`, value);
  }
  expect([...canaries.keys()]).toContain('cookie parley_device');
  const all = await backup();
  // It was searched for the right things: messages, the hash of a password, and the account that was given over the API.
  for (const content of ['is it lost?', '$argon2id$', 'fresh']) expect(all).toContain(content);
  expect(leaksIn([all]).map((leak) => leak.split(':')[0])).toEqual([]);
  expect(leaksIn([...logged, ...said])).toEqual([]);
}, 60_000);

test('a store that is not there, named with its password, is told without it', async () => {
  const url = `mongodb://parley:${given.storePassword}@127.0.0.1:${new URL(nowhere).port}/parley`;
  const config = { ...journey.config, mongodbUrl: url };
  const log = createLogger('trace', { write: (line: string) => void logged.push(line) });
  const told = await createApp(config, { log }).then(
    () => 'started',
    (error: unknown) => `${startProblem(error)} ${(error as Error).stack}`,
  );
  expect(told).toMatch(/^MONGODB_URL/);
  expect(leaksIn([told, ...logged])).toEqual([]);
}, 30_000);

const leaksIn = (texts: string[]) =>
  texts.flatMap((text) =>
    [...canaries]
      .filter(([, value]) => text.includes(value))
      .map(([name]) => `${name}: ${text.slice(0, 400)}`),
  );
