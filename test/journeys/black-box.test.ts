import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ApiClient } from '../support/api-client';
import {
  foreignTelegram,
  foreignWechat,
  type ForeignTelegram,
  type ForeignWechat,
} from '../support/foreign-platform';
import { freePort } from '../support/free-port';
import { ServerProcess } from '../support/server-process';
import { closeStore, freshDatabaseUrl } from '../support/store';
import { until } from '../support/until';

/** The built server, by its contract alone: accounts point at doubles that know nothing of our sandbox. */
const secret = (bytes = 12) => randomBytes(bytes).toString('hex');
const wechatSecrets = {
  appId: `wx${secret(8)}`,
  appSecret: secret(16),
  token: secret(),
  encodingAesKey: secret(22).slice(0, 43),
};
const telegramSecrets = { botToken: `70:${secret(17)}`, secretToken: secret() };
const password = secret();
const emails = { admin: 'root@acme.test', li: 'li@acme.test', han: 'han@acme.test' };

let folder: string;
let server: ServerProcess;
let telegram: ForeignTelegram;
let wechat: ForeignWechat;
let admin: ApiClient;
beforeAll(async () => {
  ServerProcess.build();
  folder = mkdtempSync(join(tmpdir(), 'parley-black-box-'));
  telegram = await foreignTelegram(telegramSecrets.botToken);
  wechat = await foreignWechat(wechatSecrets);
  const root = resolve(__dirname, '../..');
  const agent = (email: string, role: string) => ({ email, password, name: email.split('@')[0], role });
  const config = {
    channels: [
      {
        id: 'tg',
        type: 'telegram',
        name: 'Bot',
        configuration: { ...telegramSecrets, apiBaseUrl: telegram.url },
      },
      {
        id: 'wx',
        type: 'wechat',
        name: '服务号',
        configuration: { ...wechatSecrets, apiBaseUrl: wechat.url },
      },
    ],
    knowledgeBase: join(root, 'knowledge-base'),
    flows: join(root, 'flows'),
    team: { agents: [agent(emails.admin, 'admin'), agent(emails.li, 'agent'), agent(emails.han, 'agent')] },
  };
  writeFileSync(join(folder, 'parley.yaml'), JSON.stringify(config));
  const port = await freePort();
  server = new ServerProcess(
    {
      PORT: `${port}`,
      PARLEY_CONFIG: join(folder, 'parley.yaml'),
      PARLEY_DATA_DIR: join(folder, 'data'),
      PARLEY_SECRET_KEY: secret(32),
      LOG_LEVEL: 'trace',
      ...(process.env['TEST_MONGODB_URL'] && { MONGODB_URL: await freshDatabaseUrl() }),
      ...(process.env['TEST_REDIS_URL'] && { REDIS_URL: process.env['TEST_REDIS_URL'] }),
    },
    `http://127.0.0.1:${port}`,
  );
  await server.start();
  admin = await ApiClient.signIn(server.url, emails.admin, password);
}, 60_000);
afterAll(async () => {
  await server.end('SIGTERM');
  await telegram.close();
  await wechat.close();
  await closeStore();
  rmSync(folder, { recursive: true, force: true });
});

interface Customer {
  name: string;
  writes(text: string): Promise<Response>;
  /** The same request again, byte for byte. */
  again(): Promise<Response>;
  got(): string[];
}

const onTelegram = (chatId: number): Customer => {
  let last = '';
  const send = () =>
    fetch(`${server.url}/webhooks/tg`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-telegram-bot-api-secret-token': telegramSecrets.secretToken,
      },
      body: last,
    });
  return {
    name: `F${chatId}`,
    writes: (text) => ((last = JSON.stringify(telegram.update(chatId, text))), send()),
    again: send,
    got: () => telegram.sentTo(chatId),
  };
};
const onWechat = (openid: string): Customer => {
  let last = { query: '', body: '' };
  const send = () =>
    fetch(`${server.url}/webhooks/wx?${last.query}`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: last.body,
    });
  return {
    name: openid.slice(-6),
    writes: (text) => ((last = wechat.post(openid, text)), send()),
    again: send,
    got: () => wechat.sentTo(openid),
  };
};

const openid = () => `oFOREIGN${secret(10)}`;
const chatId = () => 5_000_000 + Math.floor(Math.random() * 1_000_000_000);
const customers: [string, () => Customer, string][] = [
  ['Telegram', () => onTelegram(chatId()), ''],
  ['WeChat in safe mode', () => onWechat(openid()), 'success'],
];

describe.each(customers)('%s', (_channel, newCustomer, expectedAnswer) => {
  const find = async (customer: Customer, query = '') =>
    (await admin.conversations(`?limit=100${query}`)).find(({ contact }) =>
      contact.name.includes(customer.name),
    );

  test.each([
    ['simplified Chinese', '请问多久能发货', /发货|發貨/],
    ['traditional Chinese', '請問多久可以發貨', /发货|發貨/],
    ['English', 'how long until my order ships?', /ship/i],
  ])('a question in %s is answered to the one who asked', async (_language, question, answer) => {
    const [asks, silent] = [newCustomer(), newCustomer()];
    const accepted = await asks.writes(question);
    expect([accepted.status, await accepted.text()]).toEqual([200, expectedAnswer]);
    await until(asks.got, (texts) => texts.some((text) => answer.test(text)));
    expect(silent.got()).toEqual([]);
  });

  test('a webhook that comes again, also at once, changes nothing', async () => {
    const customer = newCustomer();
    await customer.writes('请问多久能发货');
    const again = await Promise.all([1, 2, 3, 4, 5].map(() => customer.again()));
    expect(again.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await until(customer.got, (texts) => texts.length > 0);
    await customer.again();
    const id = (await find(customer))?.id ?? '';
    const messages = await admin.until(
      () => admin.messages(id),
      (rows) => rows.at(-1)?.delivery === 'sent',
    );
    expect(messages.map(({ author }) => author)).toEqual(['contact', 'bot']);
    expect(customer.got()).toHaveLength(1);
  });

  test('a person is asked for, one of two agents claims, and the reply arrives once though it was posted twice', async () => {
    const customer = newCustomer();
    const [li, han] = await Promise.all(
      [emails.li, emails.han].map((email) => ApiClient.signIn(server.url, email, password)),
    );
    if (!li || !han) throw new Error('nobody signed in');
    await customer.writes('转人工');
    const queued = await admin.until(
      () => find(customer, '&status=queued'),
      (found) => found !== undefined,
    );
    expect(queued).toMatchObject({
      handover: { reason: 'contact_asked' },
      ticket: { number: expect.any(Number) },
    });
    await until(customer.got, (texts) => texts.length === 1);
    const id = queued?.id ?? '';
    const claims = await Promise.all([li, han].map((agent) => agent.post(`/conversations/${id}/claim`)));
    expect(claims.map(({ status }) => status).sort()).toEqual([200, 409]);
    const owner = claims[0]?.status === 200 ? li : han;
    await customer.writes('请问多久能发货');
    const reply = { text: `您好 ${secret(4)}`, clientMessageId: secret(4) };
    const posts = await Promise.all([1, 2].map(() => owner.post(`/conversations/${id}/messages`, reply)));
    expect(posts.map(({ status }) => status).sort()).toEqual([200, 201]);
    await admin.until(
      () => admin.messages(id),
      (rows) => rows.some(({ text, delivery }) => text === reply.text && delivery === 'sent'),
    );
    // The notice of the handover and the agent's reply: the bot stayed silent.
    expect(customer.got().slice(1)).toEqual([reply.text]);
  });
});

describe('what is refused', () => {
  const count = async () => (await admin.conversations('?limit=100')).length;
  const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/webhooks/${path}`, { method: 'POST', body, headers });
  const secretHeader = { 'x-telegram-bot-api-secret-token': telegramSecrets.secretToken };

  test('a wrong signature is 401 or 403 and leaves nothing', async () => {
    const before = await count();
    const { query, body } = wechat.post(openid(), '你好');
    const update = JSON.stringify(telegram.update(chatId(), 'hello'));
    const answers = [
      await post(`wx?${query.replace(/msg_signature=..../, 'msg_signature=0000')}`, body),
      await post(`wx?${query}`, body.replace(/Encrypt><!\[CDATA\[..../, 'Encrypt><![CDATA[AAAA')),
      await post(`wx`, body),
      await post('tg', update, { 'x-telegram-bot-api-secret-token': `${telegramSecrets.secretToken}x` }),
      await post('tg', update),
    ];
    for (const { status } of answers) expect([401, 403]).toContain(status);
    expect(await count()).toBe(before);
  });

  test('malformed, huge and empty bodies are 4xx, and the process lives', async () => {
    const pid = server.pid;
    for (const body of [
      '',
      '{',
      '[]',
      'null',
      '\0',
      Buffer.alloc(1_100_000, 'x'),
      Buffer.from([0xc3, 0x28]),
    ]) {
      const { status } = await post('tg', body, { ...secretHeader, 'content-type': 'application/json' });
      expect([String(body).slice(0, 9), Math.floor(status / 100)]).toEqual([String(body).slice(0, 9), 4]);
    }
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    expect(server.pid).toBe(pid);
  });
});

test('what a platform refuses for good is told as failed, with its reason', async () => {
  const id = chatId();
  telegram.block(id);
  await onTelegram(id).writes('请问多久能发货');
  const rows = await admin.until(
    async () => {
      const found = (await admin.conversations('?limit=100')).find(
        ({ contact }) => contact.name === `F${id}`,
      );
      return found ? admin.messages(found.id) : [];
    },
    (messages) => messages.at(-1)?.delivery === 'failed',
  );
  expect(rows.at(-1)?.deliveryError).toMatchObject({ class: 'recipient', platformCode: '403' });
});

test('no secret of an account and no word of a customer stands in the log, even at its most talkative', () => {
  expect(server.output).toMatch(/"level":\d\d/);
  const kept = [...Object.values(wechatSecrets), ...Object.values(telegramSecrets), password, admin.token];
  for (const value of [...kept, '请问多久能发货']) expect(server.output).not.toContain(value);
});
