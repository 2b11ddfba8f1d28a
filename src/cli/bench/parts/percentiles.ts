export interface Spread {
  count: number;
  p50: number;
  p99: number;
  max: number;
}

/** The value below which `share` of the sorted values lie (nearest rank): NaN of none. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return NaN;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? NaN;
}

/** Values that are no numbers (what was never answered) count as the slowest. */
export function spreadOf(values: Iterable<number>): Spread {
  const sorted = Float64Array.from(values, (value) => (Number.isNaN(value) ? Infinity : value)).sort();
  return {
    count: sorted.length,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    max: percentile(sorted, 1),
  };
}

export function geometricMean(values: number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** b in t ~ n^b, by least squares on the logarithms: 0 when the time does not grow with the size. */
export const growthExponent = (points: { size: number; time: number }[]): number =>
  slopeOf(points.map(({ size, time }) => ({ x: Math.log(size), y: Math.log(time) })));

/** How much y grows for each x, by least squares. */
export function slopeOf(points: { x: number; y: number }[]): number {
  const mean = (pick: (one: { x: number; y: number }) => number) =>
    points.reduce((sum, one) => sum + pick(one), 0) / points.length;
  const [meanX, meanY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const covariance = mean(({ x, y }) => (x - meanX) * (y - meanY));
  return covariance / mean(({ x }) => (x - meanX) ** 2);
}
