import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PlatformRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  contentType: string;
  headers: IncomingMessage['headers'];
  bytes: Buffer;
  /** Undefined when it is no JSON. */
  json: Record<string, unknown> | undefined;
}
export interface StubAnswer {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  bytes?: Buffer;
  /** The connection is cut without an answer. */
  cut?: boolean;
}

/** A platform's API as a few lines in a test say it answers; it remembers what it was asked. */
export async function startPlatformStub(answer: (request: PlatformRequest) => StubAnswer) {
  const requests: PlatformRequest[] = [];
  const server = createServer((incoming, response) => {
    void read(incoming).then((request) => {
      requests.push(request);
      const { status = 200, headers = {}, json = {}, bytes, cut } = answer(request);
      if (cut) return incoming.socket.destroy();
      const type = bytes ? 'application/octet-stream' : 'application/json';
      return response
        .writeHead(status, { 'content-type': type, ...headers })
        .end(bytes ?? JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    to: (path: string) => requests.filter((request) => request.path === path),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
export type PlatformStub = Awaited<ReturnType<typeof startPlatformStub>>;

async function read(incoming: IncomingMessage): Promise<PlatformRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const contentType = incoming.headers['content-type'] ?? '';
  const isJson = contentType.startsWith('application/json');
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    contentType,
    headers: incoming.headers,
    bytes,
    json: isJson ? (JSON.parse(bytes.toString('utf8')) as Record<string, unknown>) : undefined,
  };
}
