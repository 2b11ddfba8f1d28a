import { createAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Logger } from '../log';
import type { Coordination, Signals } from './index';
import { rateLimiter } from './rate-limiter';
import { inProcessSignals, type SignalName } from './signals';

interface Options {
  url: string;
  /** Keeps several installations (and tests) on one Redis apart. */
  prefix: string;
  log: Logger;
}

/** Several server processes: signals by pub/sub, limits and rooms in Redis. When Redis is away each node goes on alone. */
export function redisCoordination({ url, prefix, log }: Options): Coordination {
  const client = connect(url, log);
  const subscriber = connect(url, log);
  const signals = redisSignals(client, subscriber, `${prefix}:signal`);
  return {
    kind: 'redis',
    signals,
    limiter: (name, points, seconds) => {
      // The limit goes on in this process while Redis is away: never an open door.
      const insuranceLimiter = new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
      const storeClient = client;
      const keyPrefix = `${prefix}:limit:${name}`;
      return rateLimiter(
        new RateLimiterRedis({ storeClient, keyPrefix, points, duration: seconds, insuranceLimiter }),
        points,
      );
    },
    attach: (server) => void server.adapter(createAdapter(client, { streamName: `${prefix}:rooms` })),
    problem: () => (client.status === 'ready' ? ping(client) : Promise.resolve(`Redis is ${client.status}.`)),
    async close() {
      await signals.close();
      client.disconnect();
      subscriber.disconnect();
    },
  };
}

function connect(url: string, log: Logger): Redis {
  const client = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: true,
    retryStrategy: (times) => Math.min(times * 200, 2_000),
  });
  let reported = false;
  client.on('error', (error: Error) => {
    if (!reported) log.warn({ error: error.message }, 'redis: not reachable, going on without it');
    reported = true;
  });
  client.on('ready', () => (reported = false));
  return client;
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
