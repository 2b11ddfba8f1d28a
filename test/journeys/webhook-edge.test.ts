import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';

let journey: Journey;
beforeAll(async () => (journey = await startJourney()));
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

const telegramSecret = () =>
  String(
    journey.config.channels.find((account) => account.id === 'acme-telegram')?.configuration['secretToken'],
  );
const wechatToken = () =>
  String(
    journey.config.channels.find((account) => account.id === 'acme-wechat-plain')?.configuration['token'],
  );

interface Options {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

const webhook = (path: string, { method = 'POST', headers = {}, body }: Options = {}) =>
  fetch(`${journey.url}/webhooks/${path}`, { method, headers, body });

const telegram = (body: string | Buffer, headers: Record<string, string> = {}) =>
  webhook('acme-telegram', {
    body,
    headers: {
      'content-type': 'application/json',
      'x-telegram-bot-api-secret-token': telegramSecret(),
      ...headers,
    },
  });

let updateId = 1_000;
const update = (more: object) => JSON.stringify({ update_id: ++updateId, ...more });
const message = (chatId: number, text: string) => ({
  message: {
    message_id: updateId + 1,
    date: 1_790_000_000,
    chat: { id: chatId, type: 'private' },
    from: { id: chatId, is_bot: false, first_name: `Visitor ${chatId}`, language_code: 'en' },
    text,
  },
});

const signed = (query: Record<string, string> = {}) => {
  const [timestamp, nonce] = [`${Math.floor(Date.now() / 1_000)}`, randomBytes(4).toString('hex')];
  const signature = createHash('sha1')
    .update([wechatToken(), timestamp, nonce].sort().join(''))
    .digest('hex');
  return new URLSearchParams({ signature, timestamp, nonce, ...query }).toString();
};
const wechatText = (openid: string, id: string, text: string) =>
  `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[${openid}]]></FromUserName>` +
  `<CreateTime>1790000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${text}]]></Content><MsgId>${id}</MsgId></xml>`;

async function conversationsWith(name: string) {
  const admin = await journey.as('admin');
  return (await admin.conversations('?limit=100')).filter((item) => item.contact.name === name);
}

test('the handshake of WeChat is answered with its echo, as plain text', async () => {
  const answer = await webhook(`acme-wechat-plain?${signed({ echostr: '5838479218127813673' })}`, {
    method: 'GET',
  });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe('5838479218127813673');
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
});

test('a handshake with a wrong signature is refused', async () => {
  const query = signed({ echostr: '1' }).replace(/signature=../, 'signature=00');
  expect([401, 403]).toContain((await webhook(`acme-wechat-plain?${query}`, { method: 'GET' })).status);
});

test('a WeChat message is answered `success` at once', async () => {
  const answer = await webhook(`acme-wechat-plain?${signed()}`, {
    body: wechatText('o_success', '64580596546549123456', '你好'),
  });
  expect([answer.status, await answer.text()]).toEqual([200, 'success']);
});

test.each([
  ['an unknown account', () => webhook('nobody', { body: '{}' }), [404]],
  ['a path that cannot be decoded', () => webhook('%E0%A4%A', { body: '{}' }), [400, 404]],
  ['a method that no platform uses', () => webhook('acme-telegram', { method: 'DELETE' }), [405]],
  ['a body over 1 MiB', () => telegram(Buffer.alloc(1_048_577, 32)), [413]],
  ['a compressed body', () => telegram('{}', { 'content-encoding': 'gzip' }), [415]],
  ['no signature', () => webhook('acme-telegram', { body: update(message(1, 'x')) }), [401, 403]],
  [
    'a wrong signature',
    () => telegram(update(message(1, 'x')), { 'x-telegram-bot-api-secret-token': 'wrong' }),
    [401, 403],
  ],
  ['an empty body', () => telegram(''), [400]],
  ['no JSON', () => telegram('{"update_id":'), [400]],
  ['JSON that is no object', () => telegram('[1]'), [400]],
  ['bytes that are no UTF-8', () => telegram(Buffer.from([0xff, 0xfe, 0x00])), [400]],
  ['no XML', () => webhook(`acme-wechat-plain?${signed()}`, { body: 'hello' }), [400]],
  [
    'a document type',
    () => webhook(`acme-wechat-plain?${signed()}`, { body: '<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>' }),
    [400],
  ],
])('%s is refused and the server lives', async (_what, send, statuses) => {
  expect(statuses).toContain((await send()).status);
  expect((await fetch(`${journey.url}/livez`)).status).toBe(200);
});

test('what is refused leaves nothing behind', async () => {
  await telegram(update(message(4711, 'x')), { 'x-telegram-bot-api-secret-token': 'wrong' });
  expect(await conversationsWith('Visitor 4711')).toEqual([]);
});

test('deeply nested JSON is an answer, not a crash', async () => {
  const answer = await telegram(`{"update_id":${++updateId},"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
  expect(answer.status).toBeLessThan(500);
  expect((await fetch(`${journey.url}/livez`)).status).toBe(200);
});

test('keys that would change the prototype change nothing', async () => {
  await telegram(
    `{"update_id":${++updateId},"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`,
  );
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('a signed update of an unknown kind is accepted and leaves no conversation', async () => {
  expect((await telegram(update({ poll: { id: '1' } }))).status).toBe(200);
});

test('a group is not answered', async () => {
  const body = { ...message(-100, 'hi') };
  body.message.chat.type = 'group';
  expect((await telegram(update(body))).status).toBe(200);
  expect(await conversationsWith('Visitor -100')).toEqual([]);
});

test('the same webhook five times, also at once, is one message and one answer', async () => {
  const body = update(message(5150, 'how long until my order ships?'));
  const answers = await Promise.all(Array.from({ length: 5 }, () => telegram(body)));
  for (let again = 0; again < 5; again++) answers.push(await telegram(body));
  expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => 200));
  const admin = await journey.as('admin');
  const [conversation] = await admin.until(
    () => conversationsWith('Visitor 5150'),
    (found) => found.length > 0,
  );
  const messages = await admin.until(
    () => admin.messages(conversation?.id ?? ''),
    (all) => all.some((one) => one.author === 'bot' && one.delivery !== 'pending'),
  );
  expect(messages.map((one) => one.author)).toEqual(['contact', 'bot']);
});

test('two different first messages at the same moment open one conversation', async () => {
  for (let round = 0; round < 10; round++) {
    const chat = 9_000 + round;
    const bodies = ['hello there', 'how can I pay?', '在吗'].map((text) => update(message(chat, text)));
    await Promise.all(bodies.map((body) => telegram(body)));
    const admin = await journey.as('admin');
    const found = await admin.until(
      async () => {
        const [one, ...more] = await conversationsWith(`Visitor ${chat}`);
        return {
          more,
          contactMessages: one
            ? (await admin.messages(one.id)).filter((item) => item.author === 'contact')
            : [],
        };
      },
      ({ contactMessages }) => contactMessages.length === 3,
    );
    expect(found.more).toEqual([]);
  }
});

test('a sender that stops halfway does not hold the server', async () => {
  const half = request(`${journey.url}/webhooks/acme-telegram`, {
    method: 'POST',
    headers: { 'content-length': '1000' },
  });
  half.on('error', () => undefined);
  half.write('{');
  half.destroy();
  expect((await telegram(update({ poll: { id: '2' } }))).status).toBe(200);
});
