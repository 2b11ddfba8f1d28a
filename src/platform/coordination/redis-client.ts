import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from '../log';

/** A Redis that hangs is treated as one that is away: nobody waits longer for it. */
const commandTimeout = 1_000;

const options: RedisOptions = {
  maxRetriesPerRequest: 1,
  connectTimeout: 2_000,
  retryStrategy: (times) => Math.min(times * 100, 2_000),
};

export const connectRedis = (url: string, log: Logger): Redis =>
  watched(new Redis(url, { ...options, commandTimeout }), log);

/** For pub/sub and blocking reads, which wait as long as it takes. */
export const connectListener = (url: string, log: Logger): Redis => watched(new Redis(url, options), log);

/** Says once, not every second, that Redis is away. */
function watched(client: Redis, log: Logger): Redis {
  let reported = false;
  client.on('error', (error: Error) => {
    if (!reported) log.warn({ error: error.message }, 'redis: not reachable, going on without it');
    reported = true;
  });
  client.on('ready', () => (reported = false));
  return client;
}

/**
 * The connections of the Socket.IO adapter. It leaves promises of its client alone, and a rejection that nobody handles
 * would end the process whenever Redis is away: here such a call reaches nobody, and a subscription is made once Redis is there.
 */
export function connectAdapter(url: string, log: Logger): { client: Redis; close(): void } {
  const client = connectRedis(url, log);
  const listeners: Redis[] = [];
  const publish = client.publish.bind(client);
  client.publish = ((channel: string, message: Buffer) =>
    publish(channel, message).catch(() => 0)) as Redis['publish'];
  client.duplicate = (() => {
    const listener = listensAgain(connectListener(url, log));
    listeners.push(listener);
    return listener;
  }) as Redis['duplicate'];
  return {
    client,
    close: () => {
      for (const one of [client, ...listeners]) one.disconnect();
    },
  };
}

function listensAgain(listener: Redis): Redis {
  const subscribe = listener.subscribe.bind(listener) as (...channels: string[]) => Promise<unknown>;
  const wanted = new Set<string>();
  const ask = () => (wanted.size > 0 ? subscribe(...wanted).catch(() => 0) : Promise.resolve(0));
  listener.on('ready', () => void ask());
  listener.subscribe = ((channels: string[]) => {
    for (const channel of channels) wanted.add(channel);
    return listener.status === 'ready' ? ask() : Promise.resolve(0);
  }) as unknown as Redis['subscribe'];
  return listener;
}
