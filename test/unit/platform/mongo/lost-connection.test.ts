import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../../../src/platform/mongo/connection';
import { closeStore, freshDatabaseUrl } from '../../../support/store';
import { until } from '../../../support/until';

/** What the driver keeps for itself, as far as a test needs it to meet the moment. */
interface DriverConnection {
  socket: Socket;
  closed: boolean;
}
interface DriverServer {
  monitor: {
    connection: DriverConnection | null;
    monitorId: { isExecutionInProgress: boolean; _executeAndReschedule(): void };
  };
  pool: { connections: Iterable<DriverConnection> & { first(): DriverConnection | null } };
}

let gate: Server;
let connection: Connection;
beforeAll(async () => {
  const url = await freshDatabaseUrl();
  const [, host = ''] = /^mongodb:\/\/([^/?]+)/.exec(url) ?? [];
  gate = createServer((client) => {
    const store = connect(addressOf(host));
    client.pipe(store).pipe(client);
    client.on('error', () => store.destroy());
    store.on('error', () => client.destroy());
  });
  await new Promise<void>((listening) => gate.listen(0, '127.0.0.1', listening));
  const { port } = gate.address() as AddressInfo;
  connection = await connectMongo(url.replace(host, `127.0.0.1:${port}`));
  await ping();
});
afterAll(async () => {
  await connection.close(true);
  await new Promise<void>((closed) => gate.close(() => closed()));
  await closeStore();
});

/** A store of this process listens on a socket in a folder. */
function addressOf(host: string) {
  const path = decodeURIComponent(host);
  if (path.startsWith('/')) return { path };
  const [name, port] = host.split(':');
  return { host: name, port: Number(port) };
}
const ping = () => connection.db?.command({ ping: 1 });
function server(): DriverServer {
  const { topology } = connection.getClient() as unknown as {
    topology: { s: { servers: Map<string, DriverServer> } };
  };
  const [first] = topology.s.servers.values();
  if (!first) throw new Error('The driver knows no server.');
  return first;
}

test('a heartbeat on a socket that is destroyed and not closed yet fails, and the next one finds the store', async () => {
  const { monitor } = server();
  monitor.connection?.socket.destroy();
  expect(monitor.connection?.closed).toBe(false);
  monitor.monitorId._executeAndReschedule();
  await until(() => !monitor.monitorId.isExecutionInProgress);
  expect(await ping()).toMatchObject({ ok: 1 });
});

test('a command on such a socket is an error, not a wait for ever', async () => {
  const pooled = server().pool.connections.first();
  pooled?.socket.destroy();
  expect(pooled?.closed).toBe(false);
  await expect(ping()).rejects.toMatchObject({ name: expect.stringMatching(/^Mongo/) });
  expect(await until(() => ping()?.catch(() => null), Boolean)).toMatchObject({ ok: 1 });
});
