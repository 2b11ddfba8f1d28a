import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createChannel } from '../../../../src/channels/wechat';
import { limits } from '../../../../src/channels/wechat/definition';
import type { Content } from '../../../../src/domain/content';
import {
  startPlatformStub,
  type PlatformRequest,
  type PlatformStub,
  type StubAnswer,
} from '../../../support/platform-stub';
import { closeStore } from '../../../support/store';
import { openChannelBench, outcomeOf, type ChannelBench } from '../channel-bench';

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(64)]);
const sendPath = '/cgi-bin/message/custom/send';
let stub: PlatformStub;
let bench: ChannelBench;
let appSecret: string;
let token: string;
let tokens: string[];
let issued: number;
let answerTo: (request: PlatformRequest) => StubAnswer | null;

beforeEach(async () => {
  [token, appSecret, issued] = [randomBytes(8).toString('hex'), randomBytes(16).toString('hex'), 0];
  tokens = ['tok_a', 'tok_b', 'tok_c'];
  answerTo = () => null;
  stub = await startPlatformStub((request) => {
    const said = answerTo(request);
    if (said) return said;
    if (request.path === '/cgi-bin/stable_token') {
      if (request.json?.['force_refresh']) issued++;
      return { json: { access_token: tokens[issued], expires_in: 7200 } };
    }
    if (request.path === '/cgi-bin/media/upload') return { json: { type: 'image', media_id: 'up_1' } };
    if (request.path === '/cgi-bin/media/get') return { bytes: png };
    return { json: { errcode: 0, errmsg: 'ok' } };
  });
  const configuration = {
    appId: `wx${randomBytes(8).toString('hex')}`,
    appSecret,
    token,
    apiBaseUrl: stub.url,
  };
  bench = await openChannelBench(createChannel(), configuration);
});
afterEach(async () => {
  await bench.close();
  await stub.close();
});
afterAll(closeStore);

const thread = { id: 'th', tags: { openid: 'o_user' } };
const send = (content: Content) => bench.host.send({ accountId: 'acme', thread, messageId: 'ms', content });
const text = (line: string): Content => ({ type: 'text', text: line });
const errcode = (code: number): StubAnswer => ({ json: { errcode: code, errmsg: 'no' } });
const sends = () => stub.to(sendPath).map(({ json }) => json);

/** Now, by the clock of the bench. */
const signedAt = '1791770400';
const signed = (more: Record<string, string> = {}) => {
  const signature = createHash('sha1').update([token, signedAt, 'n'].sort().join('')).digest('hex');
  return new URLSearchParams({ signature, timestamp: signedAt, nonce: 'n', ...more }).toString();
};
const fixture = (name: string) =>
  readFileSync(join(__dirname, `../../../fixtures/webhooks/wechat/${name}.xml`), 'utf8');
const receive = (name: string) => bench.receive({ query: signed(), body: fixture(name) });

describe('receiving', () => {
  test('the handshake gives the echo back as plain text', async () => {
    const answer = await bench.receive({ method: 'GET', query: signed({ echostr: '5838479218127813673' }) });
    expect([answer.body, answer.headers['content-type']]).toEqual([
      '5838479218127813673',
      'text/plain; charset=utf-8',
    ]);
  });

  test('a handshake with another signature is refused', async () => {
    const query = signed({ echostr: '1', signature: '0'.repeat(40) });
    await expect(bench.receive({ method: 'GET', query })).rejects.toMatchObject({ status: 403 });
  });

  test('messages and events are answered `success`, and twice the same is one row', async () => {
    for (const name of ['text', 'text', 'event-click', 'event-click', 'menu-answer'])
      expect((await receive(name)).body).toBe('success');
    expect(bench.kept.map(({ what }) => what.kind)).toEqual(['message', 'event', 'message']);
  });

  test('a forged post stores nothing', async () => {
    const query = signed().replace(/nonce=n/, 'nonce=m');
    await expect(bench.receive({ query, body: fixture('text') })).rejects.toMatchObject({ status: 403 });
    expect([bench.kept, bench.quarantined]).toEqual([[], []]);
  });

  test('a picture is fetched at once and is a file of ours', async () => {
    await receive('image');
    const [row] = bench.kept;
    const media = row?.what.kind === 'message' && 'media' in row.what.content ? row.what.content.media : null;
    expect(media).toMatchObject({ mimeType: 'image/png', sizeBytes: png.length });
    expect(await bench.files.read(media?.fileId ?? '')).toEqual(png);
    expect(stub.to('/cgi-bin/media/get')[0]?.query.get('media_id')).toBe('media_image_1');
  });

  test('a message whose file cannot be fetched is kept, and says why without a secret', async () => {
    answerTo = ({ path }) => (path === '/cgi-bin/media/get' ? errcode(40007) : null);
    await receive('voice');
    expect(bench.kept[0]?.what).toMatchObject({
      content: {
        type: 'voice',
        media: { fileId: null, error: 'WeChat: 40007 no', transcript: '我的快递到哪了' },
      },
    });
    expect(JSON.stringify(bench.kept)).not.toContain('tok_a');
  });
});

describe('sending', () => {
  test('a text goes to the customer-service interface as raw UTF-8', async () => {
    expect(outcomeOf(await send(text('您好，第一时间为您处理')))).toBe('sent');
    expect(sends()).toEqual([
      { touser: 'o_user', msgtype: 'text', text: { content: '您好，第一时间为您处理' } },
    ]);
    expect(stub.to(sendPath)[0]?.bytes.toString('utf8')).toContain('您好');
  });

  test('a long text goes in parts of at most 2,048 bytes, and none of it is lost', async () => {
    const long = '退货运费由我们承担。'.repeat(150);
    await send(text(long));
    const parts = sends().map((json) => (json?.['text'] as { content: string }).content);
    expect(parts.length).toBeGreaterThan(1);
    expect(Math.max(...parts.map((part) => Buffer.byteLength(part)))).toBeLessThanOrEqual(2_048);
    expect(parts.join('')).toBe(long);
  });

  test('when a later part fails the whole is not sent again by itself', async () => {
    answerTo = ({ path }) => (path === sendPath && stub.to(sendPath).length > 1 ? { status: 500 } : null);
    expect(outcomeOf(await send(text('长'.repeat(1_000))))).toBe('unknown 500');
  });

  test('choices are a menu whose lines carry the option', async () => {
    await send({
      type: 'choice',
      text: '哪一个？',
      options: [
        { id: 'a1', label: '退款' },
        { id: 'a2', label: '换货' },
      ],
    });
    expect(sends()).toMatchObject([
      {
        msgtype: 'msgmenu',
        msgmenu: {
          head_content: '哪一个？',
          list: [
            { id: 'a1', content: '退款' },
            { id: 'a2', content: '换货' },
          ],
        },
      },
    ]);
  });

  test('a text that is too long for the head of a menu goes before it', async () => {
    const long = '请选择您要办理的业务。'.repeat(100);
    await send({ type: 'choice', text: long, options: [{ id: 'a1', label: '退款' }] });
    expect(sends().map((json) => json?.['msgtype'])).toEqual(['text', 'msgmenu']);
    const [first, menu] = sends() as { text?: { content: string }; msgmenu?: { head_content: string } }[];
    expect(`${first?.text?.content}${menu?.msgmenu?.head_content}`).toBe(long);
    expect(Buffer.byteLength(menu?.msgmenu?.head_content ?? '')).toBeLessThanOrEqual(2_048);
  });

  async function picture() {
    const about = { name: 'p.png', accountId: 'acme', threadId: null, at: new Date(0) };
    const file = await bench.files.save({ bytes: png, ...about });
    return { fileId: file._id, name: 'p.png', mimeType: 'image/png', sizeBytes: png.length };
  }

  test('a picture is uploaded first and then named', async () => {
    const media = await picture();
    expect(outcomeOf(await send({ type: 'image', media, caption: '请看' }))).toBe('sent');
    const [upload] = stub.to('/cgi-bin/media/upload');
    expect(upload?.query.get('type')).toBe('image');
    expect(upload?.bytes.includes(png)).toBe(true);
    expect(sends()).toMatchObject([
      { msgtype: 'image', image: { media_id: 'up_1' } },
      { text: { content: '请看' } },
    ]);
  });

  test.each([
    ['no answer', { cut: true }, 'retry'],
    ["a gateway's 502", { status: 502 }, 'retry 502'],
    ['a file that WeChat does not take', errcode(40004), 'permanent 40004'],
  ])('of a picture that is not uploaded nothing is sent: %s', async (_what, said, outcome) => {
    answerTo = ({ path }) => (path === '/cgi-bin/media/upload' ? said : null);
    expect(outcomeOf(await send({ type: 'image', media: await picture() }))).toBe(outcome);
    expect(sends()).toEqual([]);
  });

  test('a picture of an account whose secret is wrong is not tried again', async () => {
    answerTo = ({ path }) => (path === '/cgi-bin/stable_token' ? errcode(40125) : null);
    expect(outcomeOf(await send({ type: 'image', media: await picture() }))).toBe('permanent 40125');
  });

  test.each([
    ['the window has closed', errcode(45015), 'window 45015'],
    ['the quota is used up', errcode(45047), 'window 45047'],
    ['the contact is gone', errcode(43004), 'recipient 43004'],
    ['the file is too old', errcode(40007), 'permanent 40007'],
    ['the system is busy', errcode(-1), 'retry -1'],
    ['too often', errcode(45011), 'retry 45011'],
    ['a 503 with its reason', { status: 503, json: { errcode: -1, errmsg: 'busy' } }, 'retry -1'],
    ["a gateway's 502", { status: 502 }, 'unknown 502'],
    ['a 429', { status: 429 }, 'retry 429'],
    ['no answer', { cut: true }, 'unknown'],
    ['something else than an answer', { json: ['ok'] }, 'unknown 200'],
  ])('%s', async (_what, said, outcome) => {
    answerTo = ({ path }) => (path === sendPath ? said : null);
    expect(outcomeOf(await send(text('hi')))).toBe(outcome);
    expect(stub.to(sendPath)).toHaveLength(1);
  });

  test('typing is shown, and a refusal of it troubles nobody', async () => {
    answerTo = ({ path }) => (path === '/cgi-bin/message/custom/typing' ? errcode(45015) : null);
    bench.host.typing('acme', thread);
    const deadline = Date.now() + 5_000;
    while (stub.to('/cgi-bin/message/custom/typing').length === 0 && Date.now() < deadline)
      await new Promise((resume) => setImmediate(resume));
    expect(stub.to('/cgi-bin/message/custom/typing')[0]?.json).toEqual({
      touser: 'o_user',
      command: 'Typing',
    });
  });
});

describe('the access token', () => {
  test.each([40001, 42001])('%i: it is renewed once and the message sent again', async (code) => {
    answerTo = ({ path, query }) =>
      path === sendPath && query.get('access_token') === 'tok_a' ? errcode(code) : null;
    expect(outcomeOf(await send(text('hi')))).toBe('sent');
    const asked = stub.to('/cgi-bin/stable_token').map(({ json }) => json?.['force_refresh']);
    expect(asked).toEqual([false, false, true]);
    expect(stub.to(sendPath)).toHaveLength(2);
  });

  test('what another server has renewed is used, and not taken away from it', async () => {
    answerTo = ({ path, query }) => {
      if (path !== sendPath || query.get('access_token') !== 'tok_a') return null;
      issued = 1;
      return errcode(40001);
    };
    expect(outcomeOf(await send(text('hi')))).toBe('sent');
    const asked = stub.to('/cgi-bin/stable_token').map(({ json }) => json?.['force_refresh']);
    expect(asked).toEqual([false, false]);
    expect(tokens[issued]).toBe('tok_b');
  });

  test('a token that is refused again is not forced a second time', async () => {
    answerTo = ({ path }) => (path === sendPath ? errcode(40001) : null);
    expect(outcomeOf(await send(text('hi')))).toBe('token 40001');
    const asked = stub.to('/cgi-bin/stable_token').map(({ json }) => json?.['force_refresh']);
    expect(asked).toEqual([false, false, true]);
  });

  test('many senders at once share one request, and one renewal', async () => {
    answerTo = ({ path, query }) =>
      path === sendPath && query.get('access_token') === 'tok_a' ? errcode(40001) : null;
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => send(text('hi'))));
    expect(outcomes.map(outcomeOf)).toEqual(Array.from({ length: 12 }, () => 'sent'));
    expect(stub.to('/cgi-bin/stable_token')).toHaveLength(3);
  });

  test('no token: nothing was sent, so it is tried again; the secret stands nowhere', async () => {
    answerTo = ({ path }) => (path === '/cgi-bin/stable_token' ? { cut: true } : null);
    const outcome = await send(text('hi'));
    expect(outcomeOf(outcome)).toBe('retry');
    expect(JSON.stringify(outcome) + bench.logged()).not.toContain(appSecret);
  });
});

test("the platform's window is data with its source and its date", () => {
  expect(limits.window).toEqual({
    onMessage: { openMs: 48 * 3_600_000, messages: 5 },
    onClick: { openMs: 60_000, messages: 3 },
  });
  expect(limits.source).toMatch(/developers\.weixin\.qq\.com.*\d{4}-\d{2}/);
});
