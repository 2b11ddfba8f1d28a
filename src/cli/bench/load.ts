/** One operation, told which of its kind it is. */
export type Operation = (at: number) => Promise<unknown>;

export interface Measured {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

/** Keeps so many in flight until `count` are done; a tenth of them first, to warm up. */
export async function measure(
  operation: Operation,
  { count, inFlight }: { count: number; inFlight: number },
): Promise<Measured> {
  const warmUp = Math.ceil(count / 10);
  await run(operation, { from: 0, to: warmUp, inFlight });
  const startedAt = performance.now();
  const latencies = await run(operation, { from: warmUp, to: warmUp + count, inFlight });
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    perSecond: count / seconds,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  };
}

export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** The latencies, in milliseconds. */
export async function run(
  operation: Operation,
  { from, to, inFlight }: { from: number; to: number; inFlight: number },
): Promise<number[]> {
  const latencies: number[] = [];
  let next = from;
  const worker = async () => {
    while (next < to) {
      const startedAt = performance.now();
      await operation(next++);
      latencies.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return latencies;
}
