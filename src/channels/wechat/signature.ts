import { createHash } from 'node:crypto';
import { equalSecrets } from '../../platform/secrets';

/** SHA-1 over the sorted parts: the scheme of WeChat's plain and encrypted signatures alike. */
export function signatureOf(...parts: string[]): string {
  return createHash('sha1').update(parts.sort().join('')).digest('hex');
}

/** No freshness is asked of the timestamp: a replay is the same row and changes nothing. */
export function isSigned(signature: string | null, ...parts: (string | null)[]): boolean {
  if (!signature || parts.some((part) => part === null)) return false;
  return equalSecrets(signature, signatureOf(...(parts as string[])));
}
