import { isIPv6 } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { Express } from 'express';

/** Proxies in front whose word counts: how many, or their addresses and subnets. 0: none. */
export type TrustProxy = number | string[];
export type AddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/**
 * Whose request it is, for limits. The same rule as `request.ip` of Express, and usable before Express and for sockets:
 * from the connection backwards through X-Forwarded-For, as long as each one is trusted. What a client wrote there itself
 * stands before what our proxies added, and is never reached.
 */
export function addressReader(app: Express): AddressOf {
  const isTrusted = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  return ({ headers, socket }) => {
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    const hops = [socket.remoteAddress ?? '', ...forwarded.reverse().map((hop) => hop.trim())].filter(
      Boolean,
    );
    const first = hops.findIndex((address, hop) => !isTrusted(address, hop));
    return one(hops[first === -1 ? hops.length - 1 : first] ?? 'unknown');
  };
}

/** One household or one server: IPv4 as it is, of IPv6 the first 64 bits, since a customer is given all of the rest. */
function one(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = tail === undefined ? left : [...left, ...zeros, ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
