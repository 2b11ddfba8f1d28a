/** A random source with a seed, so that a failure can be played again: `PARLEY_SEED=… npx jest …`. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed of this run: given, or fresh and printed. */
export function chooseSeed(what: string): number {
  const seed = Number(process.env['PARLEY_SEED'] ?? (Date.now() ^ (process.pid << 8)) >>> 0);
  process.stdout.write(`${what}: seed ${seed}\n`);
  return seed;
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items];
  for (let end = copy.length - 1; end > 0; end--) {
    const other = Math.floor(random() * (end + 1));
    [copy[end], copy[other]] = [copy[other] as T, copy[end] as T];
  }
  return copy;
}
