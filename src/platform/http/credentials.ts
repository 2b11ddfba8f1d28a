import { parse } from 'cookie';
import type { IncomingMessage } from 'node:http';

export const sessionCookie = 'parley_session';

export interface Credentials {
  token: string;
  from: 'header' | 'cookie';
}

/** `Authorization: Bearer …` wins over the cookie. */
export function readCredentials(request: Pick<IncomingMessage, 'headers'>): Credentials | null {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer) return { token: bearer, from: 'header' };
  const token = parse(request.headers.cookie ?? '')[sessionCookie];
  return token ? { token, from: 'cookie' } : null;
}
