import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Why data cannot be kept in this folder, or null. Makes nothing. */
export function dataDirProblem(folder: string): string | null {
  const found = nearestExisting(folder);
  try {
    if (!statSync(found).isDirectory()) return `${found} is no folder`;
    accessSync(found, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return `${found} cannot be written to (${codeOf(error)})`;
  }
}

/**
 * Makes the folder and those above it, for its owner alone. Level by level: where a file system takes no folders
 * (such as /proc) the recursive call of Node tries for ever.
 */
export function makeDataDir(folder: string): void {
  if (exists(folder)) return;
  makeDataDir(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process was quicker.
    if (codeOf(error) === 'EEXIST') return;
    throw new Error(`PARLEY_DATA_DIR: ${folder} cannot be made (${codeOf(error)}).`, { cause: error });
  }
}

function nearestExisting(folder: string): string {
  return exists(folder) || dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
}

function exists(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    // Anything else than absence is told where it is used.
    return codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR';
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
