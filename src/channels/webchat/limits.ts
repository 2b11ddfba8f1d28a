import type { Coordination, RateLimiter } from '../../platform/coordination';
import { TooManyRequests } from '../../platform/errors';
import { AtOnce } from '../../platform/work/at-once';

/** A visitor is soon a new visitor, so what counts in the end is the address: it may be a whole office's. */
export interface WebchatLimits {
  messages: RateLimiter;
  messagesFrom: RateLimiter;
  megabytes: RateLimiter;
  megabytesFrom: RateLimiter;
  /** An upload is in memory until it is checked. */
  uploads: AtOnce;
}

export const webchatLimits = (limiter: Coordination['limiter']): WebchatLimits => ({
  messages: limiter('webchat', 20, 10),
  messagesFrom: limiter('webchat-address', 200, 10),
  megabytes: limiter('webchat-megabytes', 100, 600),
  megabytesFrom: limiter('webchat-megabytes-address', 500, 600),
  uploads: new AtOnce(16, 4),
});

/** One more message of this visitor. @throws TooManyRequests */
export async function countMessage(limits: WebchatLimits, threadId: string, address: string): Promise<void> {
  await count(limits.messagesFrom, address, 1);
  await count(limits.messages, threadId, 1);
}

/** So many bytes more, however few at least a megabyte. @throws TooManyRequests */
export async function countUpload(
  limits: WebchatLimits,
  from: { threadId: string; address: string; bytes: number },
): Promise<void> {
  const megabytes = Math.max(1, Math.ceil(from.bytes / 1_048_576));
  await count(limits.megabytesFrom, from.address, megabytes);
  await count(limits.megabytes, from.threadId, megabytes);
}

async function count(limiter: RateLimiter, key: string, points: number): Promise<void> {
  const { allowed, retryAfterMs } = await limiter.consume(key, points);
  if (!allowed) throw tooMuch(retryAfterMs);
}

export const tooMuch = (retryAfterMs: number) =>
  new TooManyRequests('Too much at once. Wait a moment.', Math.ceil(retryAfterMs / 1_000), 'rate_limited');
