import { randomBytes } from 'node:crypto';
import type { WechatAccount } from '../options';

const LIFE_MS = 7_200_000;
const MAX_FORCED_PER_DAY = 20;
const DAY_MS = 86_400_000;

interface IssuedToken {
  value: string;
  account: WechatAccount;
  expiresAt: number;
}

/** The access tokens of every official account; only the latest of each is good. */
export class AccessTokens {
  private readonly latest = new Map<string, IssuedToken>();
  private readonly replaced = new Map<string, WechatAccount>();
  private readonly forcedAt = new Map<string, number[]>();

  constructor(private readonly now: () => Date) {}

  /** `stable_token`: the same token while it is good. */
  stable(account: WechatAccount): IssuedToken {
    const token = this.latest.get(account.id);
    return token && token.expiresAt > this.now().getTime() ? token : this.replace(account);
  }

  /** `stable_token` with `force_refresh`; null beyond its 20 a day. */
  forced(account: WechatAccount): IssuedToken | null {
    const since = this.now().getTime() - DAY_MS;
    const today = (this.forcedAt.get(account.id) ?? []).filter((at) => at > since);
    if (today.length >= MAX_FORCED_PER_DAY) return null;
    this.forcedAt.set(account.id, [...today, this.now().getTime()]);
    return this.replace(account);
  }

  /** A new token; the one before dies at once. */
  replace(account: WechatAccount): IssuedToken {
    const before = this.latest.get(account.id);
    if (before) this.remember(before);
    const value = randomBytes(96).toString('base64url');
    const token = { value, account, expiresAt: this.now().getTime() + LIFE_MS };
    this.latest.set(account.id, token);
    return token;
  }

  expire(accountId: string): void {
    const token = this.latest.get(accountId);
    if (token) token.expiresAt = this.now().getTime();
  }

  /** Whose token this is or was, and whether it is good. */
  check(value: string): { account?: WechatAccount; state: 'good' | 'expired' | 'invalid' } {
    const token = [...this.latest.values()].find((one) => one.value === value);
    if (!token) return { account: this.replaced.get(value), state: 'invalid' };
    return { account: token.account, state: token.expiresAt > this.now().getTime() ? 'good' : 'expired' };
  }

  private remember(token: IssuedToken): void {
    const [oldest] = this.replaced.keys();
    if (oldest && this.replaced.size >= 100) this.replaced.delete(oldest);
    this.replaced.set(token.value, token.account);
  }
}
