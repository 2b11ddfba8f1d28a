import { setTimeout as wait } from 'node:timers/promises';
import type { Server } from 'socket.io';

const steps = 10;

/**
 * While balancers notice that this server is leaving, its sockets leave in small groups, so that they do not all come
 * to the next server at once. Their transport is closed, not the session: clients then connect again by themselves.
 */
export async function farewell(io: Server, namespaces: string[], waitMs: number): Promise<void> {
  const leaving = namespaces.flatMap((name) => [...io.of(name).sockets.values()]);
  const group = Math.ceil(leaving.length / steps);
  for (let step = 0; step < steps; step++) {
    await wait(waitMs / steps);
    for (const socket of leaving.splice(0, group)) socket.conn.close();
  }
}
