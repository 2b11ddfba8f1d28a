import { type Bench, postJson, startBench, telegramAccount } from '../parley-stand-in';

const { botToken, secretToken } = telegramAccount.configuration;
const updatesOf = (bench: Bench) =>
  bench.standIn.webhooks.map(
    ({ body }) => JSON.parse(body) as { update_id: number } & Record<string, unknown>,
  );

describe('a Telegram phone', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await startBench();
  });
  afterEach(() => bench.close());

  it('posts updates with rising ids and the secret header', async () => {
    const emma = bench.sandbox.telegram.customer('tg', 'Emma Lopez');
    await emma.do({ kind: 'start' });
    await emma.sendText('Where is my parcel?');
    const [first, second] = updatesOf(bench);
    expect(second!.update_id).toBeGreaterThan(first!.update_id);
    expect(first!['message']).toMatchObject({
      text: '/start',
      entities: [{ type: 'bot_command', length: 6 }],
    });
    expect(second!['message']).toMatchObject({
      text: 'Where is my parcel?',
      chat: { id: Number(emma.customer.platformId), type: 'private', first_name: 'Emma', last_name: 'Lopez' },
    });
    const { headers, url } = bench.standIn.webhooks[0]!;
    expect(headers['x-telegram-bot-api-secret-token']).toBe(secretToken);
    expect(url.pathname).toBe('/webhooks/tg');
  });

  it.each([
    [{ kind: 'image', caption: 'broken' }, { message: { caption: 'broken', photo: [{}, { width: 320 }] } }],
    [{ kind: 'voice' }, { message: { voice: { mime_type: 'audio/ogg' } } }],
    [{ kind: 'document' }, { message: { document: { file_name: 'invoice.pdf' } } }],
    [{ kind: 'location', latitude: 52.5, longitude: 13.4 }, { message: { location: { latitude: 52.5 } } }],
    [{ kind: 'block' }, { my_chat_member: { new_chat_member: { status: 'kicked' } } }],
    [{ kind: 'unblock' }, { my_chat_member: { new_chat_member: { status: 'member' } } }],
  ] as const)('sends %j as Telegram does', async (act, update) => {
    await bench.sandbox.telegram.customer('tg', 'Emma Lopez').do(act);
    expect(updatesOf(bench)[0]).toMatchObject(update);
  });

  it('edits its last text under the same message id', async () => {
    const emma = bench.sandbox.telegram.customer('tg', 'Emma Lopez');
    await emma.sendText('teh parcel');
    await emma.do({ kind: 'edit', text: 'the parcel' });
    const [sent, edited] = updatesOf(bench) as unknown as [
      { message: { message_id: number } },
      { edited_message: { message_id: number; text: string } },
    ];
    expect(edited.edited_message).toMatchObject({ message_id: sent.message.message_id, text: 'the parcel' });
  });

  it('goes where the bot said by setWebhook, with the secret given there', async () => {
    const url = `${bench.standIn.url}/elsewhere`;
    await postJson(`${bench.sandbox.url}/telegram/bot${botToken}/setWebhook`, {
      url,
      secret_token: 'new_one',
    });
    await bench.sandbox.telegram.customer('tg', 'Emma Lopez').sendText('hi');
    expect(bench.standIn.webhooks[0]!.url.pathname).toBe('/elsewhere');
    expect(bench.standIn.webhooks[0]!.headers['x-telegram-bot-api-secret-token']).toBe('new_one');
  });

  it('is tried again until the answer is 2xx, whatever its body', async () => {
    bench.standIn.answerNext(
      { status: 500, body: '' },
      { status: 503, body: '' },
      { status: 200, body: '{}' },
    );
    const report = await bench.sandbox.telegram.customer('tg', 'Emma Lopez').sendText('hi');
    expect(report).toMatchObject({ delivered: true, attempts: 3 });
  });
});

describe('the double of the Bot API', () => {
  let bench: Bench;
  let chat_id: number;
  beforeEach(async () => {
    bench = await startBench();
    chat_id = Number(bench.sandbox.telegram.customer('tg', 'Emma Lopez').customer.platformId);
  });
  afterEach(() => bench.close());

  const call = (method: string, body: object, token: string = botToken) =>
    postJson(`${bench.sandbox.url}/telegram/bot${token}/${method}`, body);
  const emma = () => bench.sandbox.telegram.customer('tg', 'Emma Lopez');

  it('says who it is and refuses foreign tokens and unknown methods', async () => {
    expect((await call('getMe', {})).body).toMatchObject({ ok: true, result: { id: 700100, is_bot: true } });
    expect((await call('getMe', {}, '1:x')).body).toEqual({
      ok: false,
      error_code: 401,
      description: 'Unauthorized',
    });
    expect((await call('sendHologram', {})).status).toBe(404);
    expect((await call('constructor', {})).status).toBe(404);
  });

  it('cannot speak first, nor to who blocked it, nor to a stranger', async () => {
    const text = 'hello';
    expect((await call('sendMessage', { chat_id, text })).body['description']).toBe(
      "Forbidden: bot can't initiate conversation with a user",
    );
    await emma().do({ kind: 'start' });
    expect((await call('sendMessage', { chat_id, text })).body['ok']).toBe(true);
    await emma().do({ kind: 'block' });
    expect((await call('sendMessage', { chat_id, text })).body).toMatchObject({
      error_code: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
    expect((await call('sendMessage', { chat_id: 1, text })).body).toMatchObject({
      error_code: 400,
      description: 'Bad Request: chat not found',
    });
    expect(emma().received()).toHaveLength(1);
  });

  it.each([
    [{ text: '' }, 'Bad Request: message text is empty'],
    [{ text: 'x'.repeat(4_097) }, 'Bad Request: message is too long'],
    [
      { text: 'x', reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: '字'.repeat(22) }]] } },
      'Bad Request: BUTTON_DATA_INVALID',
    ],
  ])('refuses a message that breaks its limits (%#)', async (message, description) => {
    await emma().do({ kind: 'start' });
    expect((await call('sendMessage', { chat_id, ...message })).body).toMatchObject({
      error_code: 400,
      description,
    });
  });

  it('shows buttons whose press is a callback query about their message', async () => {
    await emma().do({ kind: 'start' });
    const reply_markup = {
      inline_keyboard: [
        [{ text: 'Track', callback_data: 'track:1' }],
        [{ text: 'Site', url: 'https://acme.test' }],
      ],
    };
    const sent = await call('sendMessage', { chat_id, text: 'What next?', reply_markup });
    const { message_id } = sent.body['result'] as { message_id: number };
    await emma().press('track:1');
    const { callback_query } = updatesOf(bench)[1] as unknown as { callback_query: { id: string } };
    expect(callback_query).toMatchObject({ data: 'track:1', message: { message_id } });
    expect((await call('answerCallbackQuery', { callback_query_id: callback_query.id })).body['ok']).toBe(
      true,
    );
  });

  it('edits what it sent, once', async () => {
    await emma().do({ kind: 'start' });
    const sent = await call('sendMessage', { chat_id, text: 'one' });
    const { message_id } = sent.body['result'] as { message_id: number };
    expect((await call('editMessageText', { chat_id, message_id, text: 'two' })).body['ok']).toBe(true);
    expect(emma().received()).toMatchObject([{ text: 'two', isEdited: true }]);
    expect((await call('editMessageText', { chat_id, message_id, text: 'two' })).body['description']).toBe(
      'Bad Request: message is not modified',
    );
    expect((await call('editMessageText', { chat_id, message_id: 1, text: 'x' })).status).toBe(400);
  });

  it('takes an uploaded photo and gives the file back under its path', async () => {
    await emma().do({ kind: 'start' });
    const form = new FormData();
    form.append('chat_id', String(chat_id));
    form.append('photo', new Blob(['picture'], { type: 'image/png' }), 'lamp.png');
    const sent = await fetch(`${bench.sandbox.url}/telegram/bot${botToken}/sendPhoto`, {
      method: 'POST',
      body: form,
    });
    expect(sent.status).toBe(200);
    const file_id = emma().received()[0]!.mediaId!;
    const file = await call('getFile', { file_id });
    const { file_path } = file.body['result'] as { file_path: string };
    const got = await fetch(`${bench.sandbox.url}/telegram/file/bot${botToken}/${file_path}`);
    expect(await got.text()).toBe('picture');
  });

  it('fetches a photo from the server by URL, from nowhere else', async () => {
    await emma().do({ kind: 'start' });
    expect((await call('sendPhoto', { chat_id, photo: `${bench.standIn.url}/files/1` })).body['ok']).toBe(
      true,
    );
    expect((await call('sendPhoto', { chat_id, photo: 'http://127.0.0.1:1/files/1' })).status).toBe(400);
  });
});
