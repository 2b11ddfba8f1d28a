import type { Pulse } from '../storage/slices';

const runLength = 500;

/** Sorts as `Array.sort` does, equal ones in their order, with pulses on the way. */
export function* sortInTurns<T>(items: T[], order: (a: T, b: T) => number): Generator<Pulse, T[]> {
  let runs: T[][] = [];
  for (let from = 0; from < items.length; from += runLength) {
    runs.push(items.slice(from, from + runLength).sort(order));
    yield null;
  }
  while (runs.length > 1) {
    const next: T[][] = [];
    for (let at = 0; at < runs.length; at += 2)
      next.push(yield* merged(runs[at] as T[], runs[at + 1] ?? [], order));
    runs = next;
  }
  return runs[0] ?? [];
}

function* merged<T>(left: T[], right: T[], order: (a: T, b: T) => number): Generator<Pulse, T[]> {
  if (right.length === 0) return left;
  const all: T[] = [];
  let [at, other] = [0, 0];
  while (at < left.length || other < right.length) {
    const isLeft =
      other >= right.length || (at < left.length && order(left[at] as T, right[other] as T) <= 0);
    all.push((isLeft ? left[at++] : right[other++]) as T);
    if (all.length % runLength === 0) yield null;
  }
  return all;
}
