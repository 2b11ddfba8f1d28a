import { Redis } from 'ioredis';
import type { Config } from '../../platform/config';
import { clockFinding } from './clock';
import { ok, problem, type Finding } from './finding';

/** Redis, where one is configured. Parley runs without it, but then each server is alone. */
export async function redisFindings({ redisUrl }: Pick<Config, 'redisUrl'>): Promise<Finding[]> {
  if (!redisUrl) return [ok('Redis', 'not configured: one server process')];
  const client = new Redis(redisUrl, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: 3_000,
    disconnectTimeout: 100,
  });
  let reason = '';
  client.on('error', ({ message }: Error) => (reason = message));
  try {
    await client.connect();
    const [seconds = '0', micros = '0'] = (await client.time()).map(String);
    const skewMs = Number(seconds) * 1_000 + Number(micros) / 1_000 - Date.now();
    return [ok('Redis', 'answers'), clockFinding('Redis', skewMs)];
  } catch (error) {
    const mend = 'see that it runs, and that REDIS_URL holds the right host and password';
    return [problem('Redis', `cannot be used (${reason || (error as Error).message})`, mend)];
  } finally {
    client.disconnect();
  }
}
