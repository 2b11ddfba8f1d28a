import type { Server } from 'socket.io';
import type { Clock } from '../clock';
import type { Logger } from '../log';

/** Far above what a person's page sends, far below what costs us anything. */
const mostPackets = 300;
const withinMs = 10_000;

interface Packet {
  data?: unknown;
}
interface RawConnection {
  id: string;
  on(event: 'packet', listener: (packet: Packet) => void): void;
  close(discard: boolean): void;
}

/**
 * Cuts connections that flood: counted below namespaces and events, so that nothing a client can send is left out. Nobody
 * sends us bytes (files come over HTTP), and a packet that announces some would keep us waiting for them.
 */
export function cutFloods(io: Server, clock: Clock, log: Logger): void {
  io.engine.on('connection', (connection: RawConnection) => {
    let since = clock.now().getTime();
    let count = 0;
    connection.on('packet', ({ data }) => {
      const now = clock.now().getTime();
      if (now - since >= withinMs) [since, count] = [now, 0];
      const isBinary = data !== undefined && typeof data !== 'string';
      if (++count <= mostPackets && !isBinary && !announcesBytes(data)) return;
      log.warn({ connection: connection.id, isBinary, count }, 'socket: cut, it floods');
      connection.close(true);
    });
  });
}

/** Types 5 and 6 of Socket.IO's protocol: an event and an answer with bytes that follow. */
const announcesBytes = (data: unknown): boolean => typeof data === 'string' && /^[56]/.test(data);
