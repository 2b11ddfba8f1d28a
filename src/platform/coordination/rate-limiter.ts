import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';

export interface RateLimiter {
  /** Counts one; refused when the points are used up. */
  consume(key: string): Promise<{ allowed: boolean; retryAfterMs: number }>;
  /** Whether one more would be refused, without counting it. */
  peek(key: string): Promise<{ allowed: boolean; retryAfterMs: number }>;
  /** Forgets what was counted, after a success. */
  reset(key: string): Promise<void>;
}

export function rateLimiter(limiter: RateLimiterAbstract, points: number): RateLimiter {
  return {
    async consume(key) {
      try {
        await limiter.consume(key);
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
    async reset(key) {
      await limiter.delete(key);
    },
  };
}
