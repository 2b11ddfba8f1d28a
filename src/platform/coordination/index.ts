import type { RateLimiter } from './rate-limiter';
import type { Signals } from './signals';
import type { Server } from 'socket.io';

/** What nodes share besides the store. Losing it costs latency and presence, never a message. */
export interface Coordination {
  kind: 'in-process' | 'redis';
  signals: Signals;
  /** Counts `key` against `points` per `seconds`. */
  limiter(name: string, points: number, seconds: number): RateLimiter;
  /** Spreads Socket.IO rooms over the nodes. */
  attach(server: Server): void;
  /** Null when it answers, else the problem. */
  problem(): Promise<string | null>;
  close(): Promise<void>;
}

export type { RateLimiter } from './rate-limiter';
export type { Signals, SignalName } from './signals';
