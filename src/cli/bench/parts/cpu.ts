import { readFileSync, readdirSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second. */
const tickMs = 10;

/** CPU time that a process has used so far, all its threads together. NaN where there is no /proc. */
export const cpuMsOf = (pid: number): number => read(`/proc/${pid}/stat`);

/** The same for each of its threads. */
export function threadCpuMsOf(pid: number): Map<number, number> {
  try {
    return new Map(
      readdirSync(`/proc/${pid}/task`).map((thread) => [
        Number(thread),
        read(`/proc/${pid}/task/${thread}/stat`),
      ]),
    );
  } catch {
    return new Map();
  }
}

function read(file: string): number {
  try {
    // The name stands in brackets and may hold anything; user and system time are the 14th and 15th field.
    const fields = readFileSync(file, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * tickMs;
  } catch {
    return NaN;
  }
}
