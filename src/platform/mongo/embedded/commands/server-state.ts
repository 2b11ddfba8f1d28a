/** What `serverStatus` tells of a running store. */
export class ServerState {
  readonly startedAtMs = performance.now();
  connections = 0;
  connectionsEver = 0;
  readonly counts = new Map<string, number>();

  connected(): void {
    this.connections++;
    this.connectionsEver++;
  }

  disconnected(): void {
    this.connections--;
  }

  countCommand(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  get uptimeSeconds(): number {
    return (performance.now() - this.startedAtMs) / 1_000;
  }
}
