import type { RequestHandler } from 'express';
import { request as httpRequest } from 'node:http';

/** Hands a path to another local server as it is (the sandbox's page, through our port). */
export function proxyTo(baseUrl: string): RequestHandler {
  return (incoming, outgoing) => {
    const target = new URL(incoming.originalUrl, baseUrl);
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
