import { readdirSync, readFileSync } from 'node:fs';

export interface Resources {
  /** All that is resident, pages of the store's file included. */
  rssMb: number;
  /** Without what is a file's: this is what a leak grows. */
  ownMb: number;
  openFiles: number;
}

/** What a process holds now. NaN where there is no /proc. */
export function resourcesOf(pid: number): Resources {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mbOf = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN) / 1_024;
    return {
      rssMb: mbOf('VmRSS'),
      ownMb: mbOf('RssAnon'),
      openFiles: readdirSync(`/proc/${pid}/fd`).length,
    };
  } catch {
    return { rssMb: NaN, ownMb: NaN, openFiles: NaN };
  }
}
