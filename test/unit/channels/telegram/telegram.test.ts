import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createChannel } from '../../../../src/channels/telegram';
import { parseUpdate } from '../../../../src/channels/telegram/parse';
import { updateSchema } from '../../../../src/channels/telegram/update';
import type { Content } from '../../../../src/domain/content';
import {
  startPlatformStub,
  type PlatformRequest,
  type PlatformStub,
  type StubAnswer,
} from '../../../support/platform-stub';
import { closeStore } from '../../../support/store';
import { openChannelBench, outcomeOf, type ChannelBench } from '../channel-bench';

const folder = join(__dirname, '../../../fixtures/webhooks/telegram');
const fixture = (name: string) => readFileSync(join(folder, `${name}.json`), 'utf8');
const parse = (name: string) => parseUpdate(updateSchema.parse(JSON.parse(fixture(name))));

const message = (body: object) => ({ kind: 'message', body });
const file = (type: string, file_id: string, caption: string | null = null) =>
  message({ type, file: { file_id }, caption });

/** Every kind of update that we ask for, and some that come all the same; null is kept aside. */
const meanings: Record<string, object | null> = {
  text: message({ type: 'text', text: 'where is my parcel 📦' }),
  start: { kind: 'started', source: 'campaign-7' },
  photo: file('image', 'large', 'broken cup'),
  voice: file('audio', 'voice1'),
  audio: file('audio', 'audio1'),
  video: file('video', 'video1'),
  'video-note': file('video', 'note1'),
  animation: file('video', 'anim1'),
  document: file('file', 'doc1'),
  sticker: message({ type: 'unsupported', platformType: 'sticker 👍' }),
  location: message({ type: 'location', latitude: 48.2, longitude: 16.37, title: null }),
  venue: message({ type: 'location', latitude: 48.2, longitude: 16.37, title: 'Shop Main Street 1' }),
  contact: message({ type: 'text', text: 'Bob +4312345' }),
  dice: message({ type: 'unsupported', platformType: 'message' }),
  edited: { kind: 'edit', editedId: '4001:571', text: 'where is my order' },
  'callback-query': { kind: 'press', data: 'ar_repair', label: 'Repair' },
  blocked: { kind: 'blocked' },
  group: null,
  'channel-post': null,
  poll: null,
};

test('every fixture has a meaning, and every meaning a fixture', () => {
  const names = readdirSync(folder).map((name) => name.replace('.json', ''));
  expect(names.sort()).toEqual(Object.keys(meanings).sort());
});

test.each(Object.entries(meanings))('%s', (name, meaning) => {
  if (meaning) expect(parse(name)).toMatchObject({ chatId: 4001, from: { first_name: 'Ann' }, ...meaning });
  else expect(parse(name)).toBeNull();
});

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(64)]);
let stub: PlatformStub;
let bench: ChannelBench;
let botToken: string;
let secretToken: string;
let answerTo: (method: string, request: PlatformRequest) => StubAnswer | null;

beforeEach(async () => {
  botToken = `7001:${randomBytes(17).toString('hex')}`;
  secretToken = randomBytes(12).toString('hex');
  answerTo = () => null;
  stub = await startPlatformStub((request) => {
    const method = request.path.split('/').at(-1) ?? '';
    const said = answerTo(method, request);
    if (said) return said;
    if (request.path.startsWith('/file/')) return { bytes: png };
    if (method === 'getFile') return { json: { ok: true, result: { file_path: 'photos/1.png' } } };
    return { json: { ok: true, result: { message_id: 9 } } };
  });
  bench = await openChannelBench(createChannel(), { botToken, secretToken, apiBaseUrl: stub.url }, [
    stub.url,
  ]);
});
afterEach(async () => {
  await bench.close();
  await stub.close();
});
afterAll(closeStore);

const called = (method: string) => stub.requests.filter(({ path }) => path.endsWith(`/${method}`));
const receive = (body: string, secret = secretToken) =>
  bench.receive({ headers: { 'x-telegram-bot-api-secret-token': secret }, body });
const thread = { id: 'th', tags: { chatId: '4001' } };
const send = (content: Content) => bench.host.send({ accountId: 'acme', thread, messageId: 'ms', content });

describe('receiving', () => {
  test.each([
    ['none', ''],
    ['another', 'x'.repeat(24)],
    ['a longer one', 'same-and-more'],
  ])('a secret header of %s is refused and stores nothing', async (_what, secret) => {
    const given = secret === 'same-and-more' ? `${secretToken}x` : secret;
    await expect(receive(fixture('text'), given)).rejects.toMatchObject({ status: 403 });
    expect([bench.kept, bench.quarantined]).toEqual([[], []]);
  });

  test('a message is kept once, by chat and number, however often it comes', async () => {
    for (let again = 0; again < 3; again++) expect((await receive(fixture('text'))).status).toBe(200);
    expect(bench.kept).toMatchObject([
      {
        id: 'acme:4001:571',
        author: { externalId: '4001', name: 'Ann Lee', language: 'en' },
        threadTags: { chatId: '4001' },
      },
    ]);
  });

  test('a press is a choice by its label, and the query is always answered', async () => {
    await receive(fixture('callback-query'));
    expect(bench.kept[0]?.what).toEqual({
      kind: 'message',
      content: { type: 'choice', text: 'Repair', options: [{ id: 'ar_repair', label: 'Repair' }] },
    });
    const deadline = Date.now() + 5_000;
    while (called('answerCallbackQuery').length === 0 && Date.now() < deadline)
      await new Promise((resume) => setImmediate(resume));
    expect(called('answerCallbackQuery')[0]?.json).toEqual({ callback_query_id: 'q1' });
  });

  test('an edit names the message that it changes', async () => {
    await receive(fixture('edited'));
    expect(bench.kept[0]?.what).toMatchObject({
      event: { type: 'messageEdited', externalId: '4001:571', content: { text: 'where is my order' } },
    });
  });

  test.each(['group', 'channel-post', 'poll'])('a %s is set aside and nobody is answered', async (name) => {
    expect((await receive(fixture(name))).status).toBe(200);
    expect([bench.kept.length, bench.quarantined.length]).toEqual([0, 1]);
  });

  test('a picture is fetched at once; the token stands in nothing that is stored or logged', async () => {
    await receive(fixture('photo'));
    const [row] = bench.kept;
    expect(row?.what).toMatchObject({
      content: { type: 'image', caption: 'broken cup', media: { mimeType: 'image/png' } },
    });
    expect(called('getFile')[0]?.json).toEqual({ file_id: 'large' });
    expect(JSON.stringify(bench.kept) + bench.logged()).not.toContain(botToken);
  });

  test.each([
    ['refused', () => ({ status: 400, json: { ok: false, description: 'file is too big' } })],
    ['cut off', () => ({ cut: true })],
  ])('a message whose file is %s is kept, and says so without the token', async (_what, said) => {
    answerTo = (method, { path }) => (method === 'getFile' || path.startsWith('/file/') ? said() : null);
    await receive(fixture('document'));
    expect(bench.kept[0]?.what).toMatchObject({
      content: {
        type: 'file',
        media: { fileId: null, name: 'invoice.pdf', error: expect.any(String) as string },
      },
    });
    expect(JSON.stringify(bench.kept) + bench.logged()).not.toContain(botToken);
  });
});

describe('sending', () => {
  test('a text, and the number that Telegram gives it', async () => {
    expect(await send({ type: 'text', text: 'On its way' })).toEqual({ ok: true, externalId: '4001:9' });
    expect(called('sendMessage')[0]?.json).toEqual({ chat_id: 4001, text: 'On its way' });
  });

  test('a text of more than 4,096 characters goes in parts', async () => {
    await send({ type: 'text', text: 'word '.repeat(1_700) });
    expect(called('sendMessage').map(({ json }) => String(json?.['text']).length > 4_096)).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('choices are an inline keyboard', async () => {
    await send({
      type: 'choice',
      text: 'Which?',
      options: [
        { id: 'ar_1', label: 'Refund' },
        { id: 'ar_2', label: 'Repair' },
      ],
    });
    expect(called('sendMessage')[0]?.json).toMatchObject({
      reply_markup: {
        inline_keyboard: [
          [{ text: 'Refund', callback_data: 'ar_1' }],
          [{ text: 'Repair', callback_data: 'ar_2' }],
        ],
      },
    });
  });

  test('choices below a long text stand below its last part', async () => {
    const text = 'Which of these? '.repeat(300);
    await send({ type: 'choice', text, options: [{ id: 'ar_1', label: 'Refund' }] });
    const sent = called('sendMessage').map(({ json }) => json);
    expect(sent.map((json) => 'reply_markup' in (json ?? {}))).toEqual([false, true]);
    expect(
      sent
        .map((json) => String(json?.['text']))
        .join(' ')
        .trim(),
    ).toBe(text.trim());
  });

  const picture = async () => {
    const row = await bench.files.save({
      bytes: png,
      name: 'p.png',
      accountId: 'acme',
      threadId: null,
      at: new Date(0),
    });
    return { fileId: row._id, name: 'p.png', mimeType: 'image/png', sizeBytes: png.length };
  };

  test('a caption that is too long for a picture follows it, and none of it is lost', async () => {
    const caption = 'Look here. '.repeat(100).trim();
    expect(outcomeOf(await send({ type: 'image', media: await picture(), caption }))).toBe('sent');
    expect(called('sendPhoto')[0]?.bytes.toString('latin1')).not.toContain('Look here.');
    expect(called('sendMessage').map(({ json }) => json?.['text'])).toEqual([caption]);
  });

  test('a picture is uploaded with its caption', async () => {
    const media = await picture();
    expect(outcomeOf(await send({ type: 'image', media, caption: 'Here' }))).toBe('sent');
    const [upload] = called('sendPhoto');
    expect(upload?.contentType).toMatch(/^multipart\/form-data/);
    expect(upload?.bytes.includes(png)).toBe(true);
    expect(upload?.bytes.toString('latin1')).toContain('Here');
  });

  test.each([
    ['blocked by the user', 403, { description: 'Forbidden: bot was blocked by the user' }, 'recipient 403'],
    ['a chat that is gone', 400, { description: 'Bad Request: chat not found' }, 'recipient 400'],
    ['a message that cannot be', 400, { description: 'Bad Request: message is too long' }, 'permanent 400'],
    ['a token that was revoked', 401, { description: 'Unauthorized' }, 'token 401'],
    ['a server that is ill', 502, {}, 'retry 502'],
  ])('%s', async (_what, status, json, outcome) => {
    answerTo = () => ({ status, json: { ok: false, ...json } });
    expect(outcomeOf(await send({ type: 'text', text: 'hi' }))).toBe(outcome);
  });

  test('429 says how long to wait', async () => {
    answerTo = () => ({
      status: 429,
      json: { ok: false, description: 'Too Many', parameters: { retry_after: 7 } },
    });
    expect(await send({ type: 'text', text: 'hi' })).toMatchObject({
      errorClass: 'retry',
      retryAfterMs: 7_000,
    });
  });

  test.each([
    ['no answer', { cut: true }, 'unknown'],
    ['200 without ok', { json: { fine: 1 } }, 'unknown'],
    ['a gateway that gave up', { status: 504, json: {} }, 'unknown 504'],
  ])('%s: nobody knows whether it arrived', async (_what, said, expected) => {
    answerTo = () => said;
    const outcome = await send({ type: 'text', text: 'hi' });
    expect(outcomeOf(outcome)).toBe(expected);
    expect(JSON.stringify(outcome) + bench.logged()).not.toContain(botToken);
  });
});

test('registration names our address, the secret and the updates that we read', async () => {
  bench.host.registerAll();
  const deadline = Date.now() + 5_000;
  while (called('setWebhook').length === 0 && Date.now() < deadline)
    await new Promise((resume) => setImmediate(resume));
  expect(called('setWebhook')[0]?.json).toMatchObject({
    url: 'https://parley.test/webhooks/acme',
    secret_token: secretToken,
    allowed_updates: ['message', 'edited_message', 'callback_query', 'my_chat_member'],
  });
});
