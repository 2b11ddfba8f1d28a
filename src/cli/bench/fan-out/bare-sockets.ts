import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { keptBytes } from '../parts/heap';
import { answerParent, nowMs } from '../processes/child';

/** Socket.IO and nothing else: what one broadcast takes at least. */
const server = createServer();
const io = new Server(server, { serveClient: false });

answerParent({
  listen: () =>
    new Promise<string>((resolve) =>
      server.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      ),
    ),
  /** Answers when it began to send. */
  emit(event: unknown): number {
    const at = nowMs();
    io.emit('event', event);
    return at;
  },
  kept: () => keptBytes(),
});
