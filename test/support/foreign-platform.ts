import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { fakeServer, type FakeServer } from './fake-server';

/** Platforms as their own documents describe them, written without a look at our adapters or our sandbox. */
export interface ForeignTelegram extends FakeServer {
  /** Texts that were sent to a chat, in order. */
  sentTo(chatId: number): string[];
  update(chatId: number, text: string): object;
  /** This person wants to hear no more of the bot. */
  block(chatId: number): void;
}

export async function foreignTelegram(botToken: string): Promise<ForeignTelegram> {
  let lastId = 100;
  const blocked = new Set<number>();
  const server = await fakeServer(({ path, json }) => {
    if (!path.startsWith(`/bot${botToken}/`)) return { status: 404, json: { ok: false, error_code: 404 } };
    if (blocked.has(Number(json['chat_id'])))
      return {
        status: 403,
        json: { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' },
      };
    if (!path.endsWith('/sendMessage')) return { json: { ok: true, result: true } };
    const chat = { id: json['chat_id'], type: 'private' };
    return { json: { ok: true, result: { message_id: ++lastId, date: 1, chat, text: json['text'] } } };
  });
  return {
    ...server,
    block: (chatId) => void blocked.add(chatId),
    sentTo: (chatId) =>
      server.received
        .filter(({ path, json }) => path.endsWith('/sendMessage') && json['chat_id'] === chatId)
        .map(({ json }) => String(json['text'])),
    update: (chatId, text) => ({
      update_id: ++lastId,
      message: {
        message_id: ++lastId,
        date: Math.floor(Date.now() / 1_000),
        chat: { id: chatId, type: 'private', first_name: `F${chatId}` },
        from: { id: chatId, is_bot: false, first_name: `F${chatId}` },
        text,
      },
    }),
  };
}

export interface ForeignWechat extends FakeServer {
  sentTo(openid: string): string[];
  /** The query and the body of a signed, encrypted post. */
  post(openid: string, text: string): { query: string; body: string };
}

interface WechatSecrets {
  appId: string;
  appSecret: string;
  token: string;
  encodingAesKey: string;
}

export async function foreignWechat(secrets: WechatSecrets): Promise<ForeignWechat> {
  const accessToken = randomBytes(20).toString('hex');
  const server = await fakeServer(({ path, query, json }) => {
    if (path === '/cgi-bin/stable_token')
      return json['appid'] === secrets.appId && json['secret'] === secrets.appSecret
        ? { json: { access_token: accessToken, expires_in: 7_200 } }
        : { json: { errcode: 40125, errmsg: 'invalid appsecret' } };
    if (query.get('access_token') !== accessToken)
      return { json: { errcode: 40001, errmsg: 'invalid credential' } };
    return { json: { errcode: 0, errmsg: 'ok' } };
  });
  let lastId = BigInt('7000000000000000000');
  return {
    ...server,
    sentTo: (openid) =>
      server.received
        .filter(({ path, json }) => path === '/cgi-bin/message/custom/send' && json['touser'] === openid)
        .map(({ json }) => String((json['text'] as { content?: string } | undefined)?.content)),
    post(openid, text) {
      const xml =
        `<xml><ToUserName><![CDATA[gh_foreign]]></ToUserName><FromUserName><![CDATA[${openid}]]></FromUserName>` +
        `<CreateTime>${Math.floor(Date.now() / 1_000)}</CreateTime><MsgType><![CDATA[text]]></MsgType>` +
        `<Content><![CDATA[${text}]]></Content><MsgId>${++lastId}</MsgId></xml>`;
      return envelope(xml, secrets);
    },
  };
}

/** "Message encryption and decryption" of the official accounts' documents: random | length | text | appid, AES-256-CBC. */
function envelope(xml: string, { appId, token, encodingAesKey }: WechatSecrets) {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const text = Buffer.from(xml);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const plain = Buffer.concat([randomBytes(16), length, text, Buffer.from(appId)]);
  const pad = 32 - (plain.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const sealed = Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]);
  const encrypted = sealed.toString('base64');
  const [timestamp, nonce] = [String(Math.floor(Date.now() / 1_000)), randomBytes(5).toString('hex')];
  const sign = (...parts: string[]) => createHash('sha1').update(parts.sort().join('')).digest('hex');
  const query = new URLSearchParams({
    signature: sign(token, timestamp, nonce),
    timestamp,
    nonce,
    openid: 'ignored',
    encrypt_type: 'aes',
    msg_signature: sign(token, timestamp, nonce, encrypted),
  });
  const body = `<xml><ToUserName><![CDATA[gh_foreign]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
  return { query: query.toString(), body };
}
