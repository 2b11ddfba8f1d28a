import { randomBytes } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { VisitorTokens } from '../../../../src/channels/webchat/visitor-token';
import type {
  WebchatClientEvents,
  WebchatMessage,
  WebchatServerEvents,
} from '../../../../src/contract/webchat';
import { SecretBox } from '../../../../src/platform/secrets';
import { fakeServer, type FakeServer } from '../../../support/fake-server';
import { startJourney, type Journey } from '../../../support/journey';
import { closeStore } from '../../../support/store';

/** An order system that answers nobody while it is held. */
function slowShop() {
  let held: Promise<void> | null = null;
  return {
    answer: async () => (await held, { status: 404, json: { error: 'not found' } }),
    /** Answers how to let go. */
    hold(): () => void {
      let letGo = (): void => undefined;
      held = new Promise((resolve) => (letGo = resolve));
      return letGo;
    },
  };
}

let journey: Journey;
let orders: FakeServer;
const shop = slowShop();
const pages: { disconnect(): void }[] = [];
beforeAll(async () => {
  orders = await fakeServer(shop.answer);
  journey = await startJourney((config) => {
    config.actions = { allow: [config.actions.orderApi ?? '', orders.url], orderApi: orders.url };
    const closed = {
      id: 'closed',
      type: 'webchat',
      name: 'Shop',
      configuration: { allowedOrigins: ['https://shop.test'] },
    };
    config.channels.push(closed);
  });
});
afterEach(() => {
  for (const page of pages.splice(0)) page.disconnect();
});
afterAll(async () => {
  await journey.stop();
  await orders.close();
  await closeStore();
});

type PageSocket = Socket<WebchatServerEvents, WebchatClientEvents>;
interface Page {
  socket: PageSocket;
  visitorToken: string;
  history: WebchatMessage[];
  messages: WebchatMessage[];
}

/** A visitor's page. @throws what the server refused it with. */
function open(auth: object, headers: Record<string, string> = {}): Promise<Page> {
  const options = {
    auth,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: headers,
  };
  const socket: PageSocket = io(`${journey.url}/webchat`, options);
  pages.push(socket);
  const messages: WebchatMessage[] = [];
  socket.on('message', (message) => messages.push(message));
  return new Promise((resolve, reject) => {
    socket.on('connect_error', reject);
    socket.on('welcome', ({ visitorToken, messages: history }) =>
      resolve({ socket, visitorToken, history, messages }),
    );
  });
}

async function until<T>(read: () => T, fits: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (let value = read(); ; value = read()) {
    if (fits(value)) return value;
    if (Date.now() > deadline) throw new Error(`It did not come about: ${JSON.stringify(value)}`);
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
const send = (page: Page, message: object) => page.socket.emitWithAck('send', message as never);
const botSays = (page: Page) =>
  until(
    () => page.messages.filter(({ author }) => author === 'bot'),
    (all) => all.length > 0,
  );

test('a visitor asks, is answered on the open page, and finds both again with the token', async () => {
  const page = await open({ account: 'web' });
  const ack = await send(page, { clientMessageId: 'c1', text: '怎么开发票？' });
  expect(ack).toMatchObject({ ok: true });
  expect((await botSays(page))[0]?.text).toMatch(/发票/);
  const again = await open({ account: 'web', visitorToken: page.visitorToken });
  expect(again.history.map(({ author }) => author)).toEqual(['contact', 'bot']);
  expect(again.history[0]).toMatchObject({ text: '怎么开发票？', clientMessageId: 'c1' });
});

test('the same clientMessageId again changes nothing, also at once', async () => {
  const page = await open({ account: 'web' });
  const acks = await Promise.all(
    [1, 2, 3].map(() => send(page, { clientMessageId: 'same', text: '怎么付款？' })),
  );
  expect(new Set(acks.map((ack) => JSON.stringify(ack))).size).toBe(1);
  await botSays(page);
  const again = await open({ account: 'web', visitorToken: page.visitorToken });
  expect(again.history.filter(({ author }) => author === 'contact')).toHaveLength(1);
});

test('the sender hears that it is stored, and another tab of the visitor shows it once', async () => {
  const page = await open({ account: 'web' });
  const other = await open({ account: 'web', visitorToken: page.visitorToken });
  const delivered: object[] = [];
  page.socket.on('delivery', (delivery) => delivered.push(delivery));
  await send(page, { clientMessageId: 't1', text: '怎么付款？' });
  await send(page, { clientMessageId: 't1', text: '怎么付款？' });
  await botSays(other);
  expect(other.messages.filter(({ author }) => author === 'contact')).toMatchObject([
    { text: '怎么付款？', clientMessageId: 't1' },
  ]);
  expect(page.messages.filter(({ author }) => author === 'contact')).toEqual([]);
  const stored = { clientMessageId: 't1', state: 'stored' };
  expect(
    await until(
      () => delivered,
      ({ length }) => length === 2,
    ),
  ).toEqual([stored, stored]);
  const reloaded = await open({ account: 'web', visitorToken: page.visitorToken });
  expect(reloaded.history[0]?.id).toBe(other.messages[0]?.id);
});

test('what nobody has handled yet is in the history, in its place and once', async () => {
  const page = await open({ account: 'web' });
  await send(page, { clientMessageId: 'h1', text: '怎么付款？' });
  await botSays(page);
  const letGo = shop.hold();
  await send(page, { clientMessageId: 'h2', text: '订单号 20261001001' });
  await send(page, { clientMessageId: 'h3', text: '在吗？' });
  const read = async () => (await open({ account: 'web', visitorToken: page.visitorToken })).history;
  const waiting = await read();
  expect(waiting.map(({ author, text }) => (author === 'contact' ? text : author))).toEqual([
    '怎么付款？',
    'bot',
    '订单号 20261001001',
    '在吗？',
  ]);
  letGo();
  await until(
    () => page.messages,
    ({ length }) => length >= 3,
  );
  const handled = (await read()).filter(({ author }) => author === 'contact');
  expect(handled).toEqual(waiting.filter(({ author }) => author === 'contact'));
});

test('choices come as buttons, and a press is an answer', async () => {
  const page = await open({ account: 'web' });
  await send(page, { clientMessageId: 'f1', text: '申请退货' });
  await send(page, { clientMessageId: 'f2', text: '20261001001' });
  const asked = await until(() => page.messages.find(({ choices }) => choices), Boolean);
  expect(asked?.choices?.map(({ id }) => id)).toEqual(['unwanted', 'faulty', 'wrong']);
  await send(page, { clientMessageId: 'f3', choice: 'faulty', label: '质量问题' });
  const confirm = await until(() => page.messages.find(({ text }) => text.includes('确认提交')), Boolean);
  expect(confirm?.text).toContain('质量问题');
});

const wrongTokens: [string, (good: string) => string][] = [
  ['forged', (good) => `${good.slice(0, -2)}xx`],
  ['of nobody', () => 'x'],
  ['of another visitor', (good) => good.replace(/^./, (first) => (first === 'a' ? 'b' : 'a'))],
];
test.each(wrongTokens)('a token that is %s is refused', async (_what, change) => {
  const { visitorToken } = await open({ account: 'web' });
  await expect(open({ account: 'web', visitorToken: change(visitorToken) })).rejects.toThrow('invalid_token');
});

test.each([
  ['an account that is none', { account: 'nobody' }, {}, 'not_found'],
  ['an account of another channel', { account: 'acme-telegram' }, {}, 'not_found'],
  ['no account', {}, {}, 'invalid_input'],
  ['a page of another origin', { account: 'closed' }, { origin: 'https://evil.test' }, 'foreign_origin'],
])('%s is refused', async (_what, auth, headers, code) => {
  await expect(open(auth, headers)).rejects.toThrow(code);
});

test('a page of an allowed origin is let in', async () => {
  expect((await open({ account: 'closed' }, { origin: 'https://shop.test' })).visitorToken).toBeTruthy();
});

test.each([
  ['no text', { clientMessageId: 'a', text: ' ' }],
  ['too much text', { clientMessageId: 'a', text: 'x'.repeat(4_001) }],
  ['no id', { text: 'hi' }],
  ['two things at once', { clientMessageId: 'a', text: 'hi', choice: 'b' }],
  ['a file that is not theirs', { clientMessageId: 'a', attachmentId: 'x'.repeat(43) }],
])('%s is refused, and stored nothing', async (_what, message) => {
  const page = await open({ account: 'web' });
  expect(await send(page, message)).toMatchObject({ error: { code: 'invalid_input' } });
  expect((await open({ account: 'web', visitorToken: page.visitorToken })).history).toEqual([]);
});

test('a flood is slowed down with an answer, and the page stays connected', async () => {
  const page = await open({ account: 'web' });
  const acks = await Promise.all(
    Array.from({ length: 40 }, (_one, index) => send(page, { clientMessageId: `m${index}`, text: '你好' })),
  );
  expect(JSON.stringify(acks)).toContain('rate_limited');
  expect(page.socket.connected).toBe(true);
});

describe('files', () => {
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(64)]);
  const upload = (bytes: Buffer, token: string, name = 'kaputt.png') => {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(bytes)]), name);
    const headers = { authorization: `Bearer ${token}` };
    return fetch(`${journey.url}/webchat/web/attachments`, { method: 'POST', headers, body: form });
  };

  test('a visitor’s picture is a message with a link that shows it', async () => {
    const page = await open({ account: 'web' });
    const uploaded = await upload(png, page.visitorToken);
    expect(uploaded.status).toBe(201);
    const { attachmentId } = (await uploaded.json()) as { attachmentId: string };
    expect(await send(page, { clientMessageId: 'p1', attachmentId })).toMatchObject({ ok: true });
    await botSays(page);
    const { history } = await open({ account: 'web', visitorToken: page.visitorToken });
    const [attachment] = history[0]?.attachments ?? [];
    expect(attachment).toMatchObject({ name: 'kaputt.png', mimeType: 'image/png', sizeBytes: png.length });
    const shown = await fetch(new URL(attachment?.url ?? '', journey.url));
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(png);
  });

  test('another visitor cannot send a file that is not theirs', async () => {
    const [owner, other] = [await open({ account: 'web' }), await open({ account: 'web' })];
    const { attachmentId } = (await (await upload(png, owner.visitorToken)).json()) as {
      attachmentId: string;
    };
    expect(await send(other, { clientMessageId: 'x', attachmentId })).toMatchObject({
      error: { code: 'invalid_input' },
    });
  });

  test.each([
    ['no token', png, 'none', 401],
    ['a page', Buffer.from('<html></html>'), null, 400],
    ['more than ten MiB', Buffer.alloc(10 * 1024 * 1024 + 1, 65), null, 413],
  ])('%s is refused', async (_what, bytes, token, status) => {
    const page = await open({ account: 'web' });
    expect((await upload(bytes, token ?? page.visitorToken)).status).toBe(status);
  });
});

test('a token is good for 30 days, on its own account', () => {
  const tokens = new VisitorTokens(new SecretBox(randomBytes(24).toString('hex')).signer('visitor'));
  const day = 24 * 3_600_000;
  const start = Date.parse('2026-10-12T02:00:00Z');
  const token = tokens.issue('web', new Date(start), 'v1');
  expect(tokens.read('web', token, new Date(start + 30 * day - 1))).toBe('v1');
  expect(tokens.read('web', token, new Date(start + 30 * day))).toBeNull();
  expect(tokens.read('other', token, new Date(start))).toBeNull();
});
