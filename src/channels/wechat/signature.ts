import { createHash } from 'node:crypto';
import { equalSecrets } from '../../platform/secrets';

/** SHA-1 over the sorted parts: the scheme of WeChat's plain and encrypted signatures alike. */
export function signatureOf(...parts: string[]): string {
  return createHash('sha1').update(parts.sort().join('')).digest('hex');
}

export function isSigned(signature: string | null, ...parts: (string | null)[]): boolean {
  if (!signature || parts.some((part) => part === null)) return false;
  return equalSecrets(signature, signatureOf(...(parts as string[])));
}

const longestMs = 15 * 60_000;

/**
 * A plain signature does not cover the body: whoever has seen one address could write whatever they like to it, for ever.
 * So it is good for a quarter of an hour; WeChat tries again within seconds. A sealed body is covered by its own, and sent
 * again it is the same row.
 */
export function isStale(query: string, now: Date): boolean {
  const parameters = new URLSearchParams(query);
  if (parameters.has('msg_signature')) return false;
  const signedAtMs = Number(parameters.get('timestamp') || NaN) * 1_000;
  return !(Math.abs(now.getTime() - signedAtMs) <= longestMs);
}
