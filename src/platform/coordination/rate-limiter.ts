import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';

export interface RateLimiter {
  /** Counts one, or `points`; refused when they are used up. */
  consume(key: string, points?: number): Promise<{ allowed: boolean; retryAfterMs: number }>;
  /** Whether one more would be refused, without counting it. */
  peek(key: string): Promise<{ allowed: boolean; retryAfterMs: number }>;
  /** Takes one back. */
  giveBack(key: string): Promise<void>;
  /** Forgets what was counted, after a success. */
  reset(key: string): Promise<void>;
}

export function rateLimiter(limiter: RateLimiterAbstract, points: number): RateLimiter {
  return {
    async consume(key, count = 1) {
      try {
        await limiter.consume(key, count);
        return { allowed: true, retryAfterMs: 0 };
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        return { allowed: false, retryAfterMs: refused.msBeforeNext };
      }
    },
    async peek(key) {
      const state = await limiter.get(key);
      const allowed = !state || state.consumedPoints < points;
      return { allowed, retryAfterMs: allowed ? 0 : (state?.msBeforeNext ?? 0) };
    },
    async giveBack(key) {
      await limiter.reward(key);
    },
    async reset(key) {
      await limiter.delete(key);
    },
  };
}
