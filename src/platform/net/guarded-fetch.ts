import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { Agent, fetch, type RequestInit } from 'undici';
import { isPublicAddress } from './public-address';

export interface GuardedRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  timeoutMs: number;
  maxBytes: number;
}
export interface GuardedAnswer {
  status: number;
  headers: Headers;
  body: Buffer;
  url: string;
}
export type GuardedFetch = (url: string, request: GuardedRequest) => Promise<GuardedAnswer>;

/** Why a request to the outside was not made, or its answer not taken. */
export class RefusedRequest extends Error {}

const mostRedirects = 3;

type Lookup = typeof systemLookup;

/**
 * Calls addresses that came from outside (media, flow actions): public ones only, checked where the connection is made, at
 * every redirect; and the given origins, which the operator named.
 */
export function createGuardedFetch(allowedOrigins: string[], lookup: Lookup = systemLookup): GuardedFetch {
  const allowed = new Set(allowedOrigins.map((url) => new URL(url).origin));
  const guarded = new Agent({ connect: { lookup: publicLookup(lookup) } });
  const open = new Agent();
  return async (url, request) => {
    const signal = AbortSignal.timeout(request.timeoutMs);
    let target = checked(url, allowed);
    let sent = init(request);
    for (let hop = 0; hop <= mostRedirects; hop++) {
      const dispatcher = allowed.has(target.origin) ? open : guarded;
      const answer = await fetch(target, { ...sent, dispatcher, signal, redirect: 'manual' });
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status > 399 || !location)
        return {
          status: answer.status,
          headers: answer.headers as unknown as Headers,
          body: await read(answer.body, request.maxBytes),
          url: target.href,
        };
      await answer.body?.cancel();
      const next = checked(new URL(location, target).href, allowed);
      // What was meant for one host (a token, a customer's order) is not for wherever it points to.
      if (next.origin !== target.origin) sent = { method: 'GET' };
      target = next;
    }
    throw new RefusedRequest(`More than ${mostRedirects} redirects.`);
  };
}

const init = ({ method = 'GET', headers = {}, body }: GuardedRequest): RequestInit => ({
  method,
  headers,
  ...(body !== undefined && { body }),
});

function checked(url: string, allowed: Set<string>): URL {
  const target = new URL(url);
  if (target.protocol !== 'http:' && target.protocol !== 'https:')
    throw new RefusedRequest(`${target.protocol} is not fetched.`);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  if (!allowed.has(target.origin) && isIP(host) && !isPublicAddress(host))
    throw new RefusedRequest(`${host} is not a public address.`);
  return target;
}

/** A name may point anywhere, and somewhere else a moment later: so the address is checked as it is connected to. */
function publicLookup(lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0);
      const addresses = found as unknown as LookupAddress[];
      const closed = addresses.find(({ address }) => !isPublicAddress(address));
      if (closed || !addresses[0])
        return callback(
          new RefusedRequest(`${hostname} is not a public address.`) as NodeJS.ErrnoException,
          '',
          0,
        );
      if (options.all)
        return (callback as unknown as (error: null, all: LookupAddress[]) => void)(null, addresses);
      callback(null, addresses[0].address, addresses[0].family);
    });
  };
}

async function read(body: AsyncIterable<Uint8Array> | null, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new RefusedRequest(`The answer is larger than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
