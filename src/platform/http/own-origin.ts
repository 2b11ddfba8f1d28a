import type { IncomingMessage } from 'node:http';

/** Does this request come from a page of ours? Browsers name the page's origin; others' pages cannot forge it. */
export function isFromOwnPage({ headers }: Pick<IncomingMessage, 'headers'>, publicUrl: string): boolean {
  const { origin, host } = headers;
  const own = [new URL(publicUrl).origin, `http://${host}`, `https://${host}`];
  return origin !== undefined && own.includes(origin);
}
