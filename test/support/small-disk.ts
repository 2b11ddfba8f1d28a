import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const run = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

/** A file system of a few megabytes that a test fills and empties. Null where none may be mounted. */
export interface SmallDisk {
  folder: string;
  /** Takes all its room. */
  fill(): void;
  makeRoom(): void;
  remove(): void;
}

export function mountSmallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'parley-small-disk-'));
  const ballast = join(folder, 'ballast');
  const isMounted =
    process.platform === 'linux' && run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder);
  if (!isMounted) {
    rmSync(folder, { recursive: true, force: true });
    console.warn('No file system may be mounted here: the full disk is skipped.');
    return null;
  }
  return {
    folder,
    fill() {
      const file = openSync(ballast, 'w');
      const page = Buffer.alloc(4_096);
      // To its very end, also where somebody else writes meanwhile.
      try {
        for (;;) writeSync(file, page);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    makeRoom: () => rmSync(ballast, { force: true }),
    remove() {
      run('umount', folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
