import { callPlatform } from '../host/call-platform';
import { failure } from '../host/failures';
import type { WechatConfiguration } from './definition';
import { wechatFailure } from './errors';

interface Held {
  token: string;
  staleAtMs: number;
}

const renewEarlyMs = 5 * 60_000;

/** Access tokens by app. Senders at the same time share one request for a new one. */
export class AccessTokens {
  private readonly held = new Map<string, Held>();
  private readonly asking = new Map<string, Promise<string>>();
  private readonly renewing = new Map<string, Promise<string>>();

  constructor(private readonly nowMs: () => number = () => Date.now()) {}

  async get(configuration: WechatConfiguration): Promise<string> {
    const held = this.held.get(keyOf(configuration));
    return held && held.staleAtMs > this.nowMs() ? held.token : this.ask(configuration);
  }

  /**
   * Another one in the place of a token that was refused. What this or another server has renewed meanwhile is used: to
   * force a new one takes theirs away, and may be done 20 times a day.
   */
  async renew(configuration: WechatConfiguration, refused: string): Promise<string> {
    const held = this.held.get(keyOf(configuration));
    if (held && held.token !== refused) return held.token;
    return shared(this.renewing, keyOf(configuration), async () => {
      const current = await this.ask(configuration);
      return current === refused ? this.request(configuration, true) : current;
    });
  }

  private ask(configuration: WechatConfiguration): Promise<string> {
    return shared(this.asking, keyOf(configuration), () => this.request(configuration, false));
  }

  /** `stable_token`: asking again does not take the token away from other servers. */
  private async request(configuration: WechatConfiguration, force: boolean): Promise<string> {
    const { appId, appSecret, apiBaseUrl } = configuration;
    const json = { grant_type: 'client_credential', appid: appId, secret: appSecret, force_refresh: force };
    const answer = await callPlatform(`${apiBaseUrl}/cgi-bin/stable_token`, {
      json,
      account: appId,
      secrets: [appSecret],
      isRepeatable: true,
    });
    const { access_token, expires_in, errcode, errmsg } = (answer.json ?? {}) as Record<string, unknown>;
    if (typeof access_token !== 'string') {
      if (typeof errcode === 'number') throw wechatFailure(errcode, String(errmsg));
      throw failure('retry', `WeChat gave no token (${answer.status}).`);
    }
    const staleAtMs = this.nowMs() + Number(expires_in ?? 7_200) * 1_000 - renewEarlyMs;
    this.held.set(keyOf(configuration), { token: access_token, staleAtMs });
    return access_token;
  }
}

const keyOf = ({ apiBaseUrl, appId }: WechatConfiguration): string => `${apiBaseUrl} ${appId}`;

/** One for all who ask while it is under way. */
function shared(
  underWay: Map<string, Promise<string>>,
  key: string,
  act: () => Promise<string>,
): Promise<string> {
  const asked = underWay.get(key) ?? act().finally(() => underWay.delete(key));
  underWay.set(key, asked);
  return asked;
}
