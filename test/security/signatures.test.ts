import { createHash, randomBytes } from 'node:crypto';
import { io } from 'socket.io-client';
import { encrypt } from '../../src/channels/wechat/crypto';
import { startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';

let journey: Journey;
beforeAll(async () => {
  const secret = (bytes: number) => randomBytes(bytes).toString('hex');
  journey = await startJourney((config) => {
    const otherBot = { botToken: `9:${secret(16)}`, secretToken: secret(16), apiBaseUrl: 'http://127.0.0.1:9' };
    config.channels.push({ id: 'other-bot', type: 'telegram', name: 'Other', configuration: otherBot });
    config.channels.push({ id: 'strict', type: 'webchat', name: 'Strict', configuration: { allowedOrigins: ['https://shop.example'] } });
  });
}, 60_000); // prettier-ignore
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

const settingOf = (id: string, name: string) =>
  String(journey.config.channels.find((account) => account.id === id)?.configuration[name]);
const sha1 = (...parts: string[]) => createHash('sha1').update(parts.sort().join('')).digest('hex');
const nowSeconds = (offset = 0) => String(Math.floor(Date.now() / 1_000) + offset);

interface Post {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body: string;
}
async function send({ method = 'POST', path, headers = {}, body }: Post) {
  const answer = await fetch(`${journey.url}/webhooks/${path}`, {
    method,
    headers,
    ...(method === 'POST' && { body }),
  });
  return { status: answer.status, text: await answer.text() };
}

/** All that a webhook may leave behind: messages, what was set aside, conversations. */
async function rows(): Promise<string> {
  const admin = await journey.as('admin');
  const items = async (path: string) => (await admin.get<{ items: object[] }>(path)).body.items.length;
  const counts = [];
  for (const path of ['/conversations?limit=100', '/contacts?limit=100', '/dead-letters?kind=quarantine', '/dead-letters?kind=inbox'])
    counts.push(await items(path));
  return counts.join(' ');
} // prettier-ignore

let lastId = 5_000_000;
const xmlOf = (openid: string, text = 'forged', id = ++lastId) =>
  `<xml><ToUserName><![CDATA[gh]]></ToUserName><FromUserName><![CDATA[${openid}]]></FromUserName><CreateTime>1790000000</CreateTime>` +
  `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${text}]]></Content><MsgId>${id}</MsgId></xml>`;

/** What a forger changes in a post; what is left out is as it should be. */
interface Changed {
  to?: string;
  token?: string;
  key?: string;
  appId?: string;
  timestamp?: string;
  nonce?: string;
  signature?: (right: string) => string | null;
  sign?: (...parts: string[]) => string;
  body?: (right: string) => string;
  xml?: string;
}

function plain({ to = 'acme-wechat-plain', token = settingOf(to, 'token'), timestamp = nowSeconds(), nonce = 'n', ...more }: Changed): Post {
  const right = (more.sign ?? sha1)(token, timestamp, nonce);
  return { path: `${to}?${queryOf({ timestamp, nonce, signature: more.signature ? more.signature(right) : right })}`, body: more.xml ?? xmlOf('o_forged') };
} // prettier-ignore

function sealed({ to = 'acme-wechat', timestamp = nowSeconds(), nonce = 'n', ...more }: Changed): Post {
  const token = more.token ?? settingOf(to, 'token');
  const key = more.key ?? settingOf(to, 'encodingAesKey');
  const encrypted = encrypt(more.xml ?? xmlOf('o_forged'), key, more.appId ?? settingOf(to, 'appId'));
  const right = (more.sign ?? sha1)(token, timestamp, nonce, encrypted);
  const msg_signature = more.signature ? more.signature(right) : right;
  const body = `<xml><ToUserName><![CDATA[gh]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
  const query = queryOf({ timestamp, nonce, signature: sha1(token, timestamp, nonce), encrypt_type: 'aes', msg_signature });
  return { path: `${to}?${query}`, body: more.body ? more.body(body) : body };
} // prettier-ignore

const queryOf = (parameters: Record<string, string | null>): string =>
  new URLSearchParams(
    Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== null),
  ).toString();

const bot = (header: string | null, to = 'acme-telegram'): Post => ({
  path: to,
  headers: header === null ? {} : { 'x-telegram-bot-api-secret-token': header },
  body: JSON.stringify({ update_id: ++lastId, message: { message_id: lastId, date: 1, chat: { id: 9, type: 'private' }, from: { id: 9, is_bot: false, first_name: 'F' }, text: 'forged' } }),
}); // prettier-ignore

const otherKey = () => randomBytes(33).toString('hex').slice(0, 43);
const flipped = (text: string) => `${text[0] === '0' ? '1' : '0'}${text.slice(1)}`;
const secretToken = () => settingOf('acme-telegram', 'secretToken');

/** Ways to have a signature that is none, alike for plain and sealed posts. */
const wrong: [string, Changed][] = [
  ['without a signature', { signature: () => null }],
  ['with an empty signature', { signature: () => '' }],
  ['with one character changed', { signature: flipped }],
  ['with the signature cut short', { signature: (right) => right.slice(0, -1) }],
  ['with the signature cut to one character', { signature: (right) => right.slice(0, 1) }],
  ['with a longer signature', { signature: (right) => `${right}0` }],
  ['with the signature in capitals', { signature: (right) => right.replace(/[a-f]/g, 'F') }],
  ['with blanks around the signature', { signature: (right) => ` ${right} ` }],
  ['signed with no token', { token: '' }],
  ['signed with another token', { token: randomBytes(8).toString('hex') }],
  ['signed without sorting', { sign: (...parts) => createHash('sha1').update(['z', ...parts].join('')).digest('hex') }],
  ['signed with SHA-256', { sign: (...parts) => createHash('sha256').update(parts.sort().join('')).digest('hex') }],
]; // prettier-ignore

const forged: [string, () => Post][] = [
  ...wrong.map(([what, changed]): [string, () => Post] => [`WeChat, plain, ${what}`, () => plain(changed)]),
  ...wrong.map(([what, changed]): [string, () => Post] => [`WeChat, sealed, ${what}`, () => sealed(changed)]),
  ['WeChat, plain, signed for another account', () => plain({ token: settingOf('acme-wechat', 'token') })],
  ['WeChat, plain, to an account that seals', () => plain({ to: 'acme-wechat' })],
  ['WeChat, plain, without its time', () => plain({ timestamp: '' })],
  ['WeChat, plain, with a time that is none', () => plain({ timestamp: 'now' })],
  ['WeChat, plain, an hour old', () => plain({ timestamp: nowSeconds(-3_600) })],
  ['WeChat, plain, of tomorrow', () => plain({ timestamp: nowSeconds(86_400) })],
  ['WeChat, plain, of the year 1970', () => plain({ timestamp: '0' })],
  ['WeChat, plain, with the time of another signature', () => {
    const { path, body } = plain({ timestamp: nowSeconds(-3_600) });
    return { path: path.replace(/timestamp=\d+/, `timestamp=${nowSeconds()}`), body };
  }],
  ['WeChat, sealed, signed for another account', () => sealed({ token: settingOf('acme-wechat-plain', 'token') })],
  ['WeChat, sealed for another app id', () => sealed({ appId: 'wx0000000000000000' })],
  ['WeChat, sealed for an app id that begins alike', () => sealed({ appId: `${settingOf('acme-wechat', 'appId')}0` })],
  ['WeChat, sealed for no app id', () => sealed({ appId: '' })],
  ['WeChat, sealed with another key', () => sealed({ key: otherKey() })],
  ['WeChat, sealed, with the plain signature as its own', () => sealed({ signature: () => sha1(settingOf('acme-wechat', 'token'), nowSeconds(), 'n') })],
  ['WeChat, sealed, another body under the same signature', () => sealed({ body: (right) => right.replace(/<Encrypt>.*<\/Encrypt>/, `<Encrypt>${encrypt(xmlOf('o_forged'), settingOf('acme-wechat', 'encodingAesKey'), settingOf('acme-wechat', 'appId'))}</Encrypt>`) })],
  ['WeChat, sealed, one letter of the body changed', () => sealed({ body: (right) => right.replace(/CDATA\[(.)(.{30})/, (all, _first, rest: string) => all.replace(rest, [...rest].reverse().join(''))).replace(/<Encrypt><!\[CDATA\[./, '<Encrypt><![CDATA[!') })],
  ['WeChat, sealed, its text sent in the open', () => sealed({ body: () => xmlOf('o_forged') })],
  ['WeChat, sealed, with two envelopes', () => sealed({ body: (right) => right.replace('</xml>', '<Encrypt><![CDATA[AAAA]]></Encrypt></xml>') })],
  ['WeChat, sealed, with nothing in it', () => sealed({ body: () => '<xml></xml>' })],
  ['WeChat, the handshake with a wrong signature', () => ({ ...plain({ signature: flipped }), method: 'GET' })],
  ['WeChat, the handshake an hour old', () => ({ ...plain({ timestamp: nowSeconds(-3_600) }), method: 'GET' })],
  ['Telegram, without the secret', () => bot(null)],
  ['Telegram, with an empty secret', () => bot('')],
  ['Telegram, with one character changed', () => bot(flipped(secretToken()))],
  ['Telegram, with the secret cut short', () => bot(secretToken().slice(0, -1))],
  ['Telegram, with the secret twice', () => bot(`${secretToken()}, ${secretToken()}`)],
  ['Telegram, with the secret in capitals', () => bot(secretToken().toUpperCase())],
  ['Telegram, with the secret of another bot', () => bot(settingOf('other-bot', 'secretToken'))],
  ['Telegram, with the secret of a bot, to another bot', () => bot(secretToken(), 'other-bot')],
  ['Telegram, with the bot token instead', () => bot(settingOf('acme-telegram', 'botToken'))],
  ['Telegram, with the secret in the address', () => ({ ...bot(null), path: `acme-telegram?secret_token=${secretToken()}` })],
  ['Telegram, to the web chat’s account', () => bot(secretToken(), 'web')],
  ['Telegram, to an account that is not there', () => bot(secretToken(), 'nobody')],
]; // prettier-ignore

test('every post whose signature is not right is refused, and leaves no row', async () => {
  const before = await rows();
  const taken: string[] = [];
  for (const [what, make] of forged) {
    const { status, text } = await send(make());
    if (![400, 401, 403, 404].includes(status)) taken.push(`${what}: ${status} ${text}`);
  }
  process.stdout.write(`signatures: ${forged.length} forged posts\n`);
  expect(taken).toEqual([]);
  expect(await rows()).toBe(before);
});

test('what was forged above is taken when nothing is wrong with it: each failed for its one flaw', async () => {
  for (const post of [plain({}), sealed({}), bot(secretToken())]) expect((await send(post)).status).toBe(200);
});

test('a post that is sent again, at once or one after another, has no effect', async () => {
  const admin = await journey.as('admin');
  const posts = [
    plain({ xml: xmlOf('o_replay1', 'how long until my order ships?') }),
    sealed({ xml: xmlOf('o_replay2', 'how long until my order ships?') }),
  ];
  for (const post of posts) expect((await send(post)).status).toBe(200);
  const all = () => admin.conversations('?limit=100');
  const ours = await admin.until(
    async () => (await all()).filter(({ contact, lastMessage }) => /eplay\d$/.test(contact.name) && lastMessage?.author === 'bot'),
    (found) => found.length === 2,
    15_000,
  );
  // Not how far its delivery has come: that goes on.
  const talk = async () =>
    JSON.stringify(
      await Promise.all(ours.map(async ({ id }) => (await admin.messages(id)).map(({ seq, text }) => [seq, text]))),
    );
  const before = [await talk(), (await all()).length, await rows()];
  for (const post of posts) {
    await send(post);
    await Promise.all(Array.from({ length: 5 }, () => send(post)));
  }
  // Whatever those did would be done before this one, of another person, is answered.
  await send(plain({ xml: xmlOf('o_last', 'how long until my order ships?') }));
  await admin.until(all, (found) => found.some(({ contact, lastMessage }) => contact.name.endsWith('o_last') && lastMessage?.author === 'bot'), 15_000);
  expect(await talk()).toBe(before[0]);
  expect((await all()).length).toBe(Number(before[1]) + 1);
}, 60_000); // prettier-ignore

describe('the web chat of an account that names its pages', () => {
  const answerTo = (origin: string | undefined) =>
    new Promise<string>((resolve) => {
      const socket = io(`${journey.url}/webchat`, {
        auth: { account: 'strict' },
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
        extraHeaders: origin === undefined ? {} : { origin },
      });
      const done = (what: string) => (socket.disconnect(), resolve(what));
      socket.on('welcome', () => done('welcome'));
      socket.on('connect_error', (error) => done(error.message));
    });
  const foreign = [
    'null', 'https://evil.example', 'http://shop.example', 'https://shop.example:8443', 'https://shop.example.evil.example',
    'https://evil.example/https://shop.example', 'https://sub.shop.example', 'https://shop.example/', 'nonsense', '://', 'file://',
  ]; // prettier-ignore

  test.each(foreign)('a page of %s is refused, its panel and its files, too', async (origin) => {
    expect(await answerTo(origin)).toBe('foreign_origin');
    for (const [method, path] of [
      ['GET', 'panel'],
      ['POST', 'attachments'],
    ] as const) {
      const answer = await fetch(`${journey.url}/webchat/strict/${path}`, { method, headers: { origin } });
      expect(answer.status).toBe(403);
    }
  });

  test('its own page is welcome', async () => {
    expect(await answerTo('https://shop.example')).toBe('welcome');
    expect(await answerTo(journey.url)).toBe('welcome');
  });
});
