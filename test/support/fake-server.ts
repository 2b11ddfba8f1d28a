import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
  json: Record<string, unknown>;
}
export interface FakeServer {
  url: string;
  received: Received[];
  close(): Promise<void>;
}
type Reply = { status?: number; json?: unknown; text?: string };

/** A tiny HTTP server that knows nothing of Parley: what stands for a platform that is not our own double. */
export function fakeServer(answer: (request: Received) => Reply | Promise<Reply>): Promise<FakeServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void read(request).then(async (one) => {
      received.push(one);
      write(response, await answer(one));
    });
  });
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ url: `http://127.0.0.1:${port}`, received, close });
    }),
  );
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  return {
    method: request.method ?? '',
    path: pathname,
    query: searchParams,
    headers: request.headers,
    body,
    json: parse(body),
  };
}

function parse(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function write(response: ServerResponse, { status = 200, json, text }: Reply): void {
  response.writeHead(status, { 'content-type': text === undefined ? 'application/json' : 'text/plain' });
  response.end(text ?? JSON.stringify(json ?? {}));
}
