import { createHash } from 'node:crypto';

/** WeChat signs by the SHA-1 of the sorted parts, joined by nothing. */
export function sha1OfSorted(...parts: string[]): string {
  return createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex');
}
