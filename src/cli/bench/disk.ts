import { readFileSync } from 'node:fs';

/** What a process has handed to the system to write, sockets included. NaN where the system has no /proc. */
export function bytesWritten(pid: number): number {
  try {
    return Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
  } catch {
    return NaN;
  }
}
