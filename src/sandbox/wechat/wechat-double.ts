import { z } from 'zod';
import type { Controls } from '../faults';
import { type ApiAnswer, type ApiCall, fileAnswer, jsonAnswer, readForm } from '../http/api-call';
import type { WechatAccount } from '../options';
import type { Act } from '../phones/act';
import type { Customer } from '../phones/customer';
import type { ActOutcome, PlatformDouble } from '../platform-double';
import type { DoubleParts } from '../double-parts';
import { AccessTokens } from './access-tokens';
import { wechatAct } from './acts';
import { contentProblem, customMessage, mediaIdOf, shownMessage } from './custom-message';
import { wechatError } from './error-codes';
import { grantReplies, useReply } from './reply-quota';
import { signedWebhook } from './webhook';

const MAX_MEDIA_BYTES: Record<string, number> = { image: 10e6, voice: 2e6, video: 10e6, thumb: 64e3 };
const credentials = z.object({
  appid: z.string(),
  secret: z.string(),
  force_refresh: z.boolean().default(false),
});

/** The official account platform: `/cgi-bin/…` with its tokens, quotas and return codes. */
export class WechatDouble implements PlatformDouble {
  readonly refusalNotice = '该公众号提供的服务出现故障，请稍后再试';
  readonly webhookTimeoutMs = 5_000;
  readonly tokens: AccessTokens;

  constructor(
    private readonly accounts: WechatAccount[],
    private readonly parts: DoubleParts,
    readonly retryDelaysMs: number[],
  ) {
    this.tokens = new AccessTokens(parts.now);
  }

  accountOf(call: ApiCall): WechatAccount | undefined {
    const token = call.query.get('access_token');
    if (token) return this.tokens.check(token).account;
    const appId = call.query.get('appid') ?? readCredentials(call)?.appid;
    return this.accounts.find((account) => account.configuration.appId === appId);
  }

  isSend(call: ApiCall): boolean {
    return call.path === '/cgi-bin/message/custom/send';
  }

  isAccepted(status: number, body: string): boolean {
    return status === 200 && (body === '' || body === 'success');
  }

  failure(fail: Controls['fail']): ApiAnswer {
    if (fail.status === 500) return wechatError(-1, 500);
    const answer = wechatError(45011, 429);
    return { ...answer, headers: { ...answer.headers, 'retry-after': String(fail.retryAfterSeconds) } };
  }

  async answer(call: ApiCall): Promise<ApiAnswer> {
    if (call.path === '/cgi-bin/stable_token') return this.stableToken(call);
    if (call.path === '/cgi-bin/token') return this.token(call);
    if (call.path.startsWith('/pictures/')) return this.media(call.path.slice('/pictures/'.length));

    const { account, state } = this.tokens.check(call.query.get('access_token') ?? '');
    if (!call.query.get('access_token')) return wechatError(41001);
    if (state === 'expired') return wechatError(42001);
    if (!account || state === 'invalid') return wechatError(40001);
    switch (call.path) {
      case '/cgi-bin/message/custom/send':
        return this.send(account, call);
      case '/cgi-bin/message/custom/typing':
        return this.typing(account, call);
      case '/cgi-bin/media/get':
        return this.media(call.query.get('media_id') ?? '');
      case '/cgi-bin/media/upload':
        return this.upload(call);
      case '/cgi-bin/user/info':
        return this.userInfo(account, call.query.get('openid') ?? '');
      default:
        return wechatError(40066, 404);
    }
  }

  act(customer: Customer, act: Act): ActOutcome {
    const account = this.accounts.find((one) => one.id === customer.accountId)!;
    const { phones, media, now } = this.parts;
    const baseUrl = `${this.parts.url()}/wechat`;
    const circumstances = { account, customer, media, baseUrl, now: now(), number: phones.nextNumber() };
    const { xml, shown, opens, follows } = wechatAct(act, circumstances);
    if (follows !== undefined) customer.isGone = !follows;
    const url = this.parts.webhookUrl(account.id);
    const openid = customer.platformId;
    return {
      shown,
      webhook: (asImpostor) => {
        // What an impostor writes never was at WeChat, and opens no window there.
        if (opens && !asImpostor) grantReplies(customer, opens, now());
        return signedWebhook({ account, openid, xml, url, now: now(), asImpostor });
      },
    };
  }

  private stableToken(call: ApiCall): ApiAnswer {
    if (call.method !== 'POST') return wechatError(43002);
    const given = readCredentials(call);
    if (!given) return wechatError(47001);
    const account = this.accounts.find((one) => one.configuration.appId === given.appid);
    if (!account) return wechatError(40013);
    if (account.configuration.appSecret !== given.secret) return wechatError(40125);
    const token = given.force_refresh ? this.tokens.forced(account) : this.tokens.stable(account);
    return token ? this.issued(token) : wechatError(45009);
  }

  private token(call: ApiCall): ApiAnswer {
    const account = this.accountOf(call);
    if (!account) return wechatError(40013);
    if (account.configuration.appSecret !== call.query.get('secret')) return wechatError(40125);
    return this.issued(this.tokens.replace(account));
  }

  private issued(token: { value: string; expiresAt: number }): ApiAnswer {
    const seconds = Math.round((token.expiresAt - this.parts.now().getTime()) / 1_000);
    return jsonAnswer(200, { access_token: token.value, expires_in: seconds });
  }

  private send(account: WechatAccount, call: ApiCall): ApiAnswer {
    const raw = call.body.toString();
    if (raw === '') return wechatError(44002);
    if (/\\u[0-9a-f]{4}/i.test(raw)) return wechatError(40033);
    const body = parseObject(raw);
    if (!body) return wechatError(47001);
    const customer = this.parts.phones.find(account.id, String(body['touser']));
    if (!customer) return wechatError(40003);
    const message = customMessage.safeParse(body);
    if (!message.success) return wechatError(40008);
    const problem = contentProblem(message.data);
    if (problem) return wechatError(problem);
    const mediaId = mediaIdOf(message.data);
    if (mediaId !== null && !this.parts.media.get(mediaId)) return wechatError(40007);
    if (customer.isGone) return wechatError(43004);
    const quota = useReply(customer, this.parts.now());
    if (quota !== 'used') return wechatError(quota === 'out of time' ? 45015 : 45047);
    this.parts.phones.post(customer, shownMessage(message.data, String(this.parts.phones.nextNumber())));
    return jsonAnswer(200, { errcode: 0, errmsg: 'ok' });
  }

  private typing(account: WechatAccount, call: ApiCall): ApiAnswer {
    const body = parseObject(call.body.toString());
    if (!body) return wechatError(47001);
    const customer = this.parts.phones.find(account.id, String(body['touser']));
    if (!customer) return wechatError(40003);
    if (body['command'] === 'Typing') this.parts.phones.showTyping(customer);
    return jsonAnswer(200, { errcode: 0, errmsg: 'ok' });
  }

  private media(id: string): ApiAnswer {
    const file = this.parts.media.get(id);
    return file ? fileAnswer(file) : wechatError(40007);
  }

  private async upload(call: ApiCall): Promise<ApiAnswer> {
    const type = call.query.get('type') ?? '';
    const maxBytes = MAX_MEDIA_BYTES[type];
    if (maxBytes === undefined) return wechatError(40004);
    const form = await readForm(call).catch(() => null);
    const file = form?.['media'];
    if (!file || typeof file === 'string') return wechatError(47001);
    if (file.bytes.length > maxBytes) return wechatError(40009);
    const mediaId = this.parts.media.add(file);
    const createdAt = Math.floor(this.parts.now().getTime() / 1_000);
    return jsonAnswer(200, { type, media_id: mediaId, created_at: createdAt });
  }

  private userInfo(account: WechatAccount, openid: string): ApiAnswer {
    const customer = this.parts.phones.find(account.id, openid);
    if (!customer) return wechatError(40003);
    if (customer.isGone) return jsonAnswer(200, { subscribe: 0, openid });
    return jsonAnswer(200, {
      subscribe: 1,
      openid,
      // The platform has left it empty since 2021-12-27; the phones fill it so that lists can be read.
      nickname: customer.name,
      language: customer.language.replace('-', '_'),
      subscribe_time: Math.floor(Date.UTC(2026, 0, 1) / 1_000),
      unionid: `u${openid.slice(1)}`,
      remark: '',
      groupid: 0,
      tagid_list: [],
      subscribe_scene: 'ADD_SCENE_SEARCH',
    });
  }
}

function readCredentials(call: ApiCall): z.infer<typeof credentials> | undefined {
  return credentials.safeParse(parseObject(call.body.toString())).data;
}

function parseObject(raw: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(raw);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
