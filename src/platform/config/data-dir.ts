import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDataDir } from './data-folder';

/** A value made once and kept in the data dir, readable by its owner alone. */
export function keptSecret(dataDir: string, name: string, make: () => string): string {
  const path = join(dataDir, 'secrets', name);
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  makeDataDir(dirname(path));
  try {
    writeFileSync(path, `${make()}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    // Another process was quicker: its value counts.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(path, 'utf8').trim();
}

export const randomSecret = (): string => randomBytes(32).toString('base64url');

const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Letters, digits and `-`, about 59 bits: short enough to type. */
export function randomPassword(): string {
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return [group(), group(), group()].join('-');
}
