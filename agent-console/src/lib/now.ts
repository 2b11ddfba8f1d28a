import { useEffect, useReducer, useSyncExternalStore } from 'react';

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

/** Draws what uses it once more at that moment: something has run out then. */
export function useDrawnAt(iso: string | undefined): void {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const waitMs = iso === undefined ? 0 : Date.parse(iso) - serverNow();
    if (waitMs <= 0 || waitMs > longestTimerMs) return;
    const timer = setTimeout(draw, waitMs + 1);
    return () => clearTimeout(timer);
  }, [iso]);
}
const longestTimerMs = 2 ** 31 - 2;

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
