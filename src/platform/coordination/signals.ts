import { EventEmitter } from 'node:events';

/**
 * Wake-ups: "there may be work". Only a hint; whoever waits for one also polls, so a lost one costs time, never work.
 * `inbox` and `outbox` carry a thread id, `relay` the collection that has events, `events` the last number in the log.
 */
export type SignalName = 'inbox' | 'outbox' | 'relay' | 'events' | 'articles' | 'accounts' | 'policies';

export interface Signals {
  send(name: SignalName, key?: string): void;
  on(name: SignalName, listener: (key: string) => void): void;
  close(): Promise<void>;
}

export function inProcessSignals(): Signals {
  const emitter = new EventEmitter().setMaxListeners(100);
  return {
    send: (name, key = '') => void emitter.emit(name, key),
    on: (name, listener) => void emitter.on(name, listener),
    close: () => Promise.resolve(void emitter.removeAllListeners()),
  };
}
