import express from 'express';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { proxyTo } from '../../../../src/platform/http/proxy';

/** What the server behind, and one that nobody may reach through us, were asked for. */
let asked: string[];
let servers: Server[];
const portOf = (server: Server) => (server.address() as AddressInfo).port;
const listening = async (server: Server) => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  servers.push(server);
  return portOf(server);
};

let ports: { proxy: number; behind: number; other: number };
beforeEach(async () => {
  [asked, servers] = [[], []];
  const server = (name: string) =>
    createServer((incoming, outgoing) => {
      asked.push(`${name} ${incoming.url}`);
      outgoing.end('here');
    });
  const behind = await listening(server('behind'));
  const other = await listening(server('other'));
  const app = express();
  app.use('/sandbox', proxyTo(`http://127.0.0.1:${behind}`));
  ports = { behind, other, proxy: await listening(createServer(app)) };
});
afterEach(() => servers.forEach((server) => server.close()));

/** Asks with the request line as it is: `fetch` would tidy it. */
const get = (path: string) =>
  new Promise<number | undefined>((resolve, reject) =>
    request({ port: ports.proxy, host: '127.0.0.1', path }, (answer) => resolve(answer.resume().statusCode))
      .on('error', reject)
      .end(),
  );

test.each(['/sandbox', '/sandbox/', '/sandbox/phones?of=wechat'])('%s is asked for behind', async (path) => {
  expect(await get(path)).toBe(200);
  expect(asked).toEqual([`behind ${path}`]);
});

test.each([
  ['another server', () => `http://127.0.0.1:${ports.other}/sandbox/x`],
  ['another server and a climb', () => `http://127.0.0.1:${ports.other}/sandbox/../x`],
  ['an address that is none', () => 'http://1.2.3.400/sandbox/x'],
  ['a climb', () => '/sandbox/../x'],
  ['a climb in disguise', () => '/sandbox/%2e%2e/x'],
])('%s is not', async (_what, pathOf) => {
  expect(await get(pathOf())).toBe(404);
  expect(asked).toEqual([]);
});
