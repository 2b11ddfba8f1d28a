import { createHash, createHmac } from 'node:crypto';
import type { Planned } from './conversations';
import { questionOf } from './faq';

/** Where a load goes, and what its signatures are made with. */
export interface Target {
  profile: ProfileName;
  url: string;
  path: string;
  secret: string;
}
export interface WebhookRequest {
  path: string;
  headers: Record<string, string>;
  body: string;
}
export type ProfileName = 'telegram' | 'wechat' | 'bare';

/** What each platform posts, signed as it signs. */
export const requestOf: Record<ProfileName, (target: Target, message: Planned) => WebhookRequest> = {
  telegram: ({ path, secret }, message) => ({
    path,
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
    body: telegramUpdate(message),
  }),
  wechat: ({ path, secret }, message) => {
    const [timestamp, nonce] = [`${Math.floor(Date.now() / 1_000)}`, `${message.seq}`];
    const signature = createHash('sha1').update([secret, timestamp, nonce].sort().join('')).digest('hex');
    return {
      path: `${path}?signature=${signature}&timestamp=${timestamp}&nonce=${nonce}&openid=${openidOf(message.user)}`,
      headers: { 'content-type': 'text/xml' },
      body: wechatMessage(message),
    };
  },
  bare: ({ path, secret }, message) => {
    const body = telegramUpdate(message);
    const signature = createHmac('sha256', secret).update(body).digest('base64');
    return { path, headers: { 'content-type': 'application/json', 'x-signature': signature }, body };
  },
};

/** Acknowledged: the platform will not deliver it again. */
export const isFine = (status: number): boolean => status >= 200 && status < 300;

/** What the platform calls the message, as the store keeps it. */
export const externalIdOf = (profile: ProfileName, message: Planned): string =>
  profile === 'wechat' ? wechatId(message) : `${message.user}:${telegramId(message)}`;

export const openidOf = (user: number): string => `o${String(user).padStart(27, '0')}`;

const telegramId = ({ user, turn }: Planned): number => user * 1_000 + turn;
const wechatId = ({ user, turn }: Planned): string => `24${user}${String(turn).padStart(4, '0')}`;

function telegramUpdate(message: Planned): string {
  const { user, article } = message;
  return JSON.stringify({
    update_id: telegramId(message),
    message: {
      message_id: telegramId(message),
      from: { id: user, is_bot: false, first_name: 'Ada', last_name: `No ${user}`, language_code: 'en' },
      chat: { id: user, first_name: 'Ada', last_name: `No ${user}`, type: 'private' },
      date: 1_790_000_000,
      text: questionOf(article),
    },
  });
}

function wechatMessage(message: Planned): string {
  return [
    '<xml><ToUserName><![CDATA[gh_bench]]></ToUserName>',
    `<FromUserName><![CDATA[${openidOf(message.user)}]]></FromUserName>`,
    '<CreateTime>1790000000</CreateTime><MsgType><![CDATA[text]]></MsgType>',
    `<Content><![CDATA[${questionOf(message.article)}]]></Content>`,
    `<MsgId>${wechatId(message)}</MsgId></xml>`,
  ].join('\n');
}
