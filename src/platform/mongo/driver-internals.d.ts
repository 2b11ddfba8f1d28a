/** What `driver-mend.ts` needs of the driver's inside, which has no types of its own. */
declare module 'mongodb/lib/cmap/connection' {
  import type { Socket } from 'node:net';
  export class Connection {
    readonly socket: Socket;
    readonly closed: boolean;
    cleanup(error: Error): void;
  }
}
