import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Logger } from '../log';
import type { Coordination, Signals } from './index';
import { rateLimiter } from './rate-limiter';
import { connectAdapter, connectListener, connectRedis } from './redis-client';
import { inProcessSignals, type SignalName } from './signals';

interface Options {
  url: string;
  /** Keeps several installations (and tests) on one Redis apart. */
  prefix: string;
  log: Logger;
}

/** Several server processes: signals by pub/sub, limits and rooms in Redis. When Redis is away each node goes on alone. */
export function redisCoordination({ url, prefix, log }: Options): Coordination {
  const client = connectRedis(url, log);
  const subscriber = connectListener(url, log);
  const signals = redisSignals(client, subscriber, `${prefix}:signal`);
  const adapters: { close(): void }[] = [];
  return {
    kind: 'redis',
    signals,
    limiter: (name, points, duration) => {
      // The limit goes on in this process while Redis is away: never an open door, never a wait.
      const insuranceLimiter = new RateLimiterMemory({ keyPrefix: name, points, duration });
      const keyPrefix = `${prefix}:limit:${name}`;
      const shared = { storeClient: client, rejectIfRedisNotReady: true, insuranceLimiter };
      return rateLimiter(new RateLimiterRedis({ ...shared, keyPrefix, points, duration }), points);
    },
    attach(server) {
      const adapter = connectAdapter(url, log);
      adapters.push(adapter);
      const names = { streamName: `${prefix}:rooms`, channelPrefix: `${prefix}:rooms` };
      server.adapter(createAdapter(adapter.client, names));
    },
    problem: () => (client.status === 'ready' ? ping(client) : Promise.resolve(`Redis is ${client.status}.`)),
    async close() {
      await signals.close();
      for (const one of adapters) one.close();
      client.disconnect();
      subscriber.disconnect();
    },
  };
}

/** A signal reaches this process at once and the others through Redis. */
function redisSignals(client: Redis, subscriber: Redis, channel: string): Signals {
  const local = inProcessSignals();
  const me = `${process.pid}.${Math.random()}`;
  subscriber.on('ready', () => void subscriber.subscribe(channel).catch(() => undefined));
  subscriber.on('message', (_channel: string, message: string) => {
    const [from, name, key] = JSON.parse(message) as [string, SignalName, string];
    if (from !== me) local.send(name, key);
  });
  return {
    send(name, key = '') {
      local.send(name, key);
      // Lost while Redis is away: the other nodes find the work by polling.
      if (client.status === 'ready')
        client.publish(channel, JSON.stringify([me, name, key])).catch(() => undefined);
    },
    on: local.on,
    close: local.close,
  };
}

async function ping(client: Redis): Promise<string | null> {
  try {
    await client.ping();
    return null;
  } catch (error) {
    return `Redis: ${(error as Error).message}`;
  }
}
