import express, { type Express } from 'express';
import helmet from 'helmet';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addressReader, type AddressOf, type TrustProxy } from './client-address';

/** Webhooks are answered before Express sees them: it costs more than all the rest of their path. */
export type FrontHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface HttpServer {
  server: Server;
  app: Express;
  /** Whose request it is, for limits. */
  addressOf: AddressOf;
  listen(port: number, host: string): Promise<number>;
  /** From now on every answer ends its connection, so that a balancer's open ones are not cut under a request. */
  drain(): void;
  /** Takes no new connection. Resolves when all are gone. */
  close(): Promise<void>;
  /** Resolves when every request has its answer, or after `limitMs`. */
  answered(limitMs: number): Promise<void>;
}

export function createHttpServer(front: FrontHandler, trustProxy: TrustProxy = 0): HttpServer {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('trust proxy', trustProxy);
  app.use(securityHeaders);
  const running = new Running();
  let draining = false;
  const server = createServer((request, response) => {
    running.add(response);
    if (draining) response.setHeader('Connection', 'close');
    if (!front(request, response)) app(request, response);
  });
  // Slow senders hold a socket, not more.
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  // Longer than proxies keep theirs (nginx and most load balancers: 60 s): they would send into one that we close.
  server.keepAliveTimeout = 75_000;
  return {
    server,
    app,
    addressOf: addressReader(app),
    listen: (port, host) => listen(server, port, host),
    drain: () => void (draining = true),
    close: () => close(server),
    answered: (limitMs) => running.none(limitMs),
  };
}

/** The requests that have no whole answer yet. */
class Running {
  private readonly responses = new Set<ServerResponse>();
  private onNone: () => void = () => undefined;

  add(response: ServerResponse): void {
    this.responses.add(response);
    response.once('close', () => {
      this.responses.delete(response);
      if (this.responses.size === 0) this.onNone();
    });
  }

  async none(limitMs: number): Promise<void> {
    if (this.responses.size === 0) return;
    await new Promise<void>((resolve) => {
      this.onNone = resolve;
      setTimeout(resolve, limitMs).unref();
    });
  }
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
