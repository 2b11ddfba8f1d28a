import { randomBytes } from 'node:crypto';

/** The Redis of this run, or null: then its suites are left out (with CI=true `npm test` refuses to start without one). */
export const redisUrl: string | null = process.env['TEST_REDIS_URL'] || null;

export const describeWithRedis = redisUrl ? describe : describe.skip;

/** Keys and channels of one test alone; nothing is ever flushed. */
export const freshPrefix = (): string => `parley-test:${process.pid}:${randomBytes(6).toString('hex')}`;
