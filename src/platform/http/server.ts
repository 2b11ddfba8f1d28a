import express, { type Express } from 'express';
import helmet from 'helmet';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Webhooks are answered before Express sees them: it costs more than all the rest of their path. */
export type FrontHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface HttpServer {
  server: Server;
  app: Express;
  listen(port: number, host: string): Promise<number>;
  /** Takes no new connection and waits for the requests that run. */
  close(): Promise<void>;
}

export function createHttpServer(front: FrontHandler): HttpServer {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(securityHeaders);
  const server = createServer((request, response) => {
    if (!front(request, response)) app(request, response);
  });
  // Slow senders hold a socket, not more.
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  return { server, app, listen: (port, host) => listen(server, port, host), close: () => close(server) };
}

const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      mediaSrc: ["'self'", 'blob:'],
      connectSrc: ["'self'", 'ws:', 'wss:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'self'"],
    },
  },
  // Served over plain HTTP on a laptop: the proxy in front adds it where there is TLS.
  strictTransportSecurity: false,
  crossOriginResourcePolicy: { policy: 'same-origin' },
});

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
