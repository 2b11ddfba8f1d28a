import { Connection } from 'mongodb/lib/cmap/connection';

/**
 * Mends the driver (7.8, 7.9): a command that waits until its socket has drained is not told when the connection is lost,
 * nor one that writes while the socket is destroyed and not yet closed. It then waits for ever. When that command is the
 * monitor's heartbeat, the driver never looks for its server again.
 */
export function mendLostConnections(): void {
  if (isMended) return;
  isMended = true;
  const { prototype } = Connection;
  const { cleanup } = prototype;
  prototype.cleanup = function (error) {
    const isLost = !this.closed;
    cleanup.call(this, error);
    // Whoever waits for the socket listens to its errors.
    if (isLost) this.socket.emit('error', error);
  };
}
let isMended = false;
