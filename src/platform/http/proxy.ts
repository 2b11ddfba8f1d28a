import type { RequestHandler } from 'express';
import { request as httpRequest } from 'node:http';

/**
 * Hands what is below its mount to the same path of another local server (the sandbox's page, through our port). An
 * address that names another server, or climbs out of the mount, is passed on.
 */
export function proxyTo(baseUrl: string): RequestHandler {
  const { origin } = new URL(baseUrl);
  return (incoming, outgoing, next) => {
    if (!URL.canParse(incoming.originalUrl, origin)) return next();
    const target = new URL(incoming.originalUrl, origin);
    const isBelow = `${target.pathname}/`.startsWith(`${incoming.baseUrl}/`);
    if (target.origin !== origin || !isBelow) return next();
    const { 'accept-encoding': _encoding, ...headers } = incoming.headers;
    const forwarded = httpRequest(target, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers });
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => {
      if (outgoing.headersSent) return void outgoing.destroy();
      outgoing.status(502).json({ error: { code: 'sandbox_away', message: 'The sandbox does not answer.' } });
    });
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  };
}
