export type Arrivals = 'constant' | 'poisson';

/** When each message is due, in ms from the start: the load that comes whether or not the last one was answered. */
export function arrivalTimes(
  kind: Arrivals,
  { perSecond, count, random }: { perSecond: number; count: number; random: () => number },
): Float64Array {
  const times = new Float64Array(count);
  const gapMs = 1_000 / perSecond;
  for (let at = 0, index = 0; index < count; index++) {
    times[index] = at;
    at += kind === 'constant' ? gapMs : -Math.log(1 - random()) * gapMs;
  }
  return times;
}

/** A small generator with a seed (mulberry32), so that a run can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
