import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SandboxOptions } from '../../../src/sandbox/options';
import { startSandbox } from '../../../src/sandbox/start-sandbox';

export interface ReceivedWebhook {
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A tiny HTTP server in Parley's place: it writes down webhooks and answers what the test says. */
export async function startStandIn() {
  const webhooks: ReceivedWebhook[] = [];
  const answers: { status: number; body: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://stand-in');
      webhooks.push({ url, headers: request.headers, body: Buffer.concat(chunks).toString() });
      const { status, body } = answers.shift() ?? { status: 200, body: 'success' };
      response.writeHead(status).end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    webhooks,
    answerNext: (...next: { status: number; body: string }[]) => void answers.push(...next),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const wechatAccount = {
  id: 'wx',
  type: 'wechat',
  configuration: { appId: 'wxb11529c136998cb6', appSecret: 'app-secret', token: 'pamtest' },
} as const;
export const safeWechatAccount = {
  id: 'wx-safe',
  type: 'wechat',
  configuration: {
    appId: 'wx5823bf96d3bd56c7',
    appSecret: 'app-secret-2',
    token: 'QDG6eK',
    encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  },
} as const;
export const telegramAccount = {
  id: 'tg',
  type: 'telegram',
  name: 'Shop bot',
  configuration: { botToken: '700100:abc-DEF', secretToken: 'header_secret' },
} as const;

/** A sandbox with a stand-in beside it, a clock that the test moves, and no wait between retries. */
export async function startBench(options: Partial<SandboxOptions> = {}) {
  const standIn = await startStandIn();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'sandbox-'));
  const clock = { at: Date.UTC(2026, 9, 8, 3, 0, 0) };
  const start = () =>
    startSandbox(
      {
        port: 0,
        dataDir,
        publicUrl: standIn.url,
        accounts: [wechatAccount, safeWechatAccount, telegramAccount],
        retryDelaysMs: { wechat: [0, 0], telegram: [0, 0, 0] },
        ...options,
      },
      () => new Date(clock.at),
    );
  const sandbox = await start();
  return {
    sandbox,
    standIn,
    clock,
    dataDir,
    restart: start,
    close: async () => {
      await sandbox.close();
      await standIn.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
export type Bench = Awaited<ReturnType<typeof startBench>>;

export async function postJson(url: string, body: unknown) {
  const raw = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: raw,
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
}
export interface Answer {
  [key: string]: unknown;
  errcode?: number;
  access_token?: string;
}
