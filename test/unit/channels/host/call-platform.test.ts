import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callPlatform, connectionsOfAccount } from '../../../../src/channels/host/call-platform';
import { until } from '../../../support/until';

let server: Server;
let url: string;
let held: number;
beforeEach(async () => {
  held = 0;
  server = createServer((request, response) => {
    if (request.url === '/slow') held++;
    else if (request.url === '/moved') response.writeHead(302, { location: '/quick' }).end();
    else response.end('{"ok":true}');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test('an account whose calls are all held open has its own connections: another of the same platform is answered', async () => {
  const call = (path: string, account: string) => callPlatform(`${url}${path}`, { account, secrets: [] });
  const slow = Array.from({ length: connectionsOfAccount + 50 }, () =>
    call('/slow', 'slow').catch((error: unknown) => error),
  );
  await until(() => held === connectionsOfAccount);
  expect((await call('/quick', 'quick')).json).toEqual({ ok: true });
  // The fifty beyond it still wait for a connection of their own account.
  expect(held).toBe(connectionsOfAccount);
  server.closeAllConnections();
  server.close();
  await Promise.all(slow);
});

test('a platform that points elsewhere has not answered', async () => {
  await expect(callPlatform(`${url}/moved`, { account: 'moved', secrets: [] })).rejects.toMatchObject({
    metadata: { parleyClass: 'unknown' },
  });
  server.closeAllConnections();
  server.close();
});

test('what nobody listens to was not reached, and may be tried again', async () => {
  server.close();
  await expect(callPlatform(`${url}/quick`, { account: 'away', secrets: [] })).rejects.toMatchObject({
    metadata: { parleyClass: 'retry' },
  });
});
