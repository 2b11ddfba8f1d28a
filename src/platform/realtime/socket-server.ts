import { Server } from 'socket.io';
import type { Clock } from '../clock';
import type { Coordination } from '../coordination';
import type { HttpServer } from '../http/server';
import type { Logger } from '../log';
import { cutFloods } from './flood-guard';

interface Parts {
  http: HttpServer;
  coordination: Coordination;
  clock: Clock;
  log: Logger;
}

/** Enough for an office that comes back after a restart; opening and leaving again and again is refused. */
const handshakes = { points: 3_000, seconds: 60 };

/** Socket.IO on our port, spread over the nodes, with a bound on what an address and a connection may do. */
export function openSocketServer({ http, coordination, clock, log }: Parts): Server {
  const limiter = coordination.limiter('handshakes', handshakes.points, handshakes.seconds);
  const io = new Server(http.server, {
    maxHttpBufferSize: 100_000,
    serveClient: false,
    cors: { origin: true },
    allowRequest(request, answer) {
      limiter.consume(http.addressOf(request)).then(
        ({ allowed }) => answer(allowed ? null : 'Too many connections.', allowed),
        () => answer(null, true),
      );
    },
  });
  cutFloods(io, clock, log);
  coordination.attach(io);
  return io;
}
