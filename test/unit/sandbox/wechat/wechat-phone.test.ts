import { XMLParser } from 'fast-xml-parser';
import { decrypt } from '../../../../src/sandbox/wechat/encryption';
import { sha1OfSorted } from '../../../../src/sandbox/wechat/signature';
import {
  type Bench,
  type ReceivedWebhook,
  safeWechatAccount,
  startBench,
  wechatAccount,
} from '../parley-stand-in';

const parser = new XMLParser({ parseTagValue: false });
const fieldsOf = (xml: string) => (parser.parse(xml) as { xml: Record<string, string> }).xml;
const queryOf = ({ url }: ReceivedWebhook) => Object.fromEntries(url.searchParams) as Record<string, string>;

describe('a WeChat phone', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await startBench();
  });
  afterEach(() => bench.close());

  it('posts a text as XML with a SHA-1 signature and the openid in the query', async () => {
    const lin = bench.sandbox.wechat.customer('wx', '陈晓琳');
    const report = await lin.sendText('你好 ]]> 在吗');

    expect(report).toMatchObject({ delivered: true, attempts: 1, status: 200 });
    const [webhook] = bench.standIn.webhooks;
    expect(webhook!.url.pathname).toBe('/webhooks/wx');
    const { signature, timestamp, nonce, openid, encrypt_type } = queryOf(webhook!);
    expect(signature).toBe(sha1OfSorted(wechatAccount.configuration.token, timestamp!, nonce!));
    expect(openid).toBe(lin.customer.platformId);
    expect(encrypt_type).toBeUndefined();
    expect(fieldsOf(webhook!.body)).toMatchObject({
      FromUserName: openid,
      CreateTime: String(Date.UTC(2026, 9, 8, 3) / 1000),
      MsgType: 'text',
      Content: '你好 ]]> 在吗',
    });
    expect(BigInt(fieldsOf(webhook!.body)['MsgId']!) > 2n ** 53n).toBe(true);
  });

  it('encrypts in safe mode and signs the ciphertext', async () => {
    await bench.sandbox.wechat.customer('wx-safe', '李思远').sendText('秘密');
    const [webhook] = bench.standIn.webhooks;
    const { Encrypt } = fieldsOf(webhook!.body);
    const { timestamp, nonce, msg_signature, encrypt_type } = queryOf(webhook!);
    const { token, encodingAesKey, appId } = safeWechatAccount.configuration;
    expect(encrypt_type).toBe('aes');
    expect(msg_signature).toBe(sha1OfSorted(token, timestamp!, nonce!, Encrypt!));
    const opened = decrypt(encodingAesKey, Encrypt!);
    expect(opened.appId).toBe(appId);
    expect(fieldsOf(opened.message)['Content']).toBe('秘密');
    expect(webhook!.body).not.toContain('秘密');
  });

  it.each([
    [{ kind: 'image' }, { MsgType: 'image' }],
    [
      { kind: 'voice', transcript: '我要退款' },
      { MsgType: 'voice', Format: 'amr', Recognition: '我要退款' },
    ],
    [
      { kind: 'location', latitude: 23.134521, longitude: 113.358803, label: '广州' },
      { MsgType: 'location', Location_X: '23.134521', Location_Y: '113.358803', Label: '广州' },
    ],
    [
      { kind: 'menu', key: 'ORDERS' },
      { MsgType: 'event', Event: 'CLICK', EventKey: 'ORDERS' },
    ],
    [{ kind: 'subscribe' }, { MsgType: 'event', Event: 'subscribe' }],
    [
      { kind: 'scan', scene: '7' },
      { MsgType: 'event', Event: 'SCAN', EventKey: '7' },
    ],
    [
      { kind: 'link', url: 'https://acme.test/p/1', title: '台灯' },
      { MsgType: 'link', Title: '台灯', Url: 'https://acme.test/p/1' },
    ],
  ] as const)('sends %j as WeChat does', async (act, fields) => {
    await bench.sandbox.wechat.customer('wx', '陈晓琳').do(act);
    expect(fieldsOf(bench.standIn.webhooks[0]!.body)).toMatchObject(fields);
  });

  it('cannot do what only Telegram has', async () => {
    await expect(
      bench.sandbox.wechat.customer('wx', '陈晓琳').do({ kind: 'edit', text: 'x' }),
    ).rejects.toThrow('A wechat phone cannot do "edit".');
  });

  it('is tried three times, then the customer reads that the service is out of order', async () => {
    const down = { status: 503, body: '' };
    bench.standIn.answerNext(down, down, down);
    const lin = bench.sandbox.wechat.customer('wx', '陈晓琳');
    const report = await lin.sendText('在吗');
    expect(report).toMatchObject({ delivered: false, attempts: 3, status: 503 });
    expect(new Set(bench.standIn.webhooks.map(({ body }) => body)).size).toBe(1);
    expect(lin.customer.messages.map(({ from, delivery }) => [from, delivery])).toEqual([
      ['customer', 'refused'],
      ['notice', undefined],
    ]);
  });

  it('is not content with a 200 that says neither success nor nothing', async () => {
    bench.standIn.answerNext({ status: 200, body: 'ok' }, { status: 200, body: 'success' });
    const report = await bench.sandbox.wechat.customer('wx', '陈晓琳').sendText('在吗');
    expect(report).toMatchObject({ delivered: true, attempts: 2 });
  });
});
