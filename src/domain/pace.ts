/** No more than `messages` in any `perMs`. */
export interface Pace {
  messages: number;
  perMs: number;
}

/** How fast a platform wants our messages. What comes faster waits with us and is not refused; null: as fast as it answers. */
export interface Paces {
  /** In one thread. */
  thread: Pace | null;
  /** Of one account, whatever the thread. */
  account: Pace | null;
}

/** The first moment at which `count` more fit behind those already `taken` (ascending); more than fit at all go alone. */
export function nextPlaceAt(taken: readonly number[], pace: Pace, count: number, nowMs: number): number {
  const before = Math.max(0, pace.messages - count);
  const blocking = taken[taken.length - 1 - before];
  return blocking === undefined ? nowMs : Math.max(nowMs, blocking + pace.perMs);
}
