import { useSyncExternalStore } from 'react';

/** How far this computer's clock is behind the server's; told by the server every 15 s. */
let offsetMs = 0;
let shown = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const watchers = new Set<() => void>();

export function learnServerTime(now: string): void {
  offsetMs = Date.parse(now) - Date.now();
}

/** The server's time, whatever this computer believes. */
export const serverNow = (): number => Date.now() + offsetMs;

/** The server's time to the second. All who watch share one ticker, which stops when nobody does. */
export const useNow = (): number => useSyncExternalStore(watch, () => shown);

function watch(tell: () => void): () => void {
  watchers.add(tell);
  timer ??= setInterval(tick, 1_000);
  return () => {
    watchers.delete(tell);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  shown = serverNow();
  for (const tell of watchers) tell();
}
