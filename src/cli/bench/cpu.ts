import { readdirSync, readFileSync } from 'node:fs';

/** How long a process has had a processor, with all its threads. NaN where the system has no /proc. */
export function cpuMicroseconds(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return (
      threads.reduce((sum, thread) => sum + nanoseconds(`/proc/${pid}/task/${thread}/schedstat`), 0) / 1_000
    );
  } catch {
    return NaN;
  }
}

const nanoseconds = (file: string): number => Number(readFileSync(file, 'utf8').split(' ')[0]);
