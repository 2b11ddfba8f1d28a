import type { Clock } from '../clock';
import type { Logger } from '../log';
import { leaseMs, type Lease, type Leases } from './leases';

interface Parts {
  leases: Leases;
  clock: Clock;
  log: Logger;
}

/** Work that one node at a time does for all (relay, sweepers, routing). Whoever holds the lease does it; a dead holder's lease runs out. */
export class Duty {
  private lease: Lease | null = null;
  private busy: Promise<void> | null = null;
  private again = false;
  private stopTimer: (() => void) | null = null;

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly work: () => Promise<void>,
    private readonly parts: Parts,
  ) {}

  start(): void {
    this.stopTimer = this.parts.clock.every(this.everyMs, () => this.wake());
    this.wake();
  }

  /** Does it now instead of at the next tick. */
  wake(): void {
    if (!this.stopTimer) return;
    if (this.busy) this.again = true;
    else this.busy = this.round().finally(() => this.finished());
  }

  async stop(): Promise<void> {
    this.stopTimer?.();
    this.stopTimer = null;
    await this.busy;
    if (this.lease) await this.parts.leases.release(this.lease).catch(() => undefined);
    this.lease = null;
  }

  private finished(): void {
    this.busy = null;
    if (!this.again) return;
    this.again = false;
    this.wake();
  }

  private async round(): Promise<void> {
    try {
      if (await this.isMine()) await this.work();
    } catch (error) {
      this.parts.log.warn({ err: error }, `${this.name}: will be tried again`);
    }
  }

  private async isMine(): Promise<boolean> {
    const { leases } = this.parts;
    if (this.lease && (await leases.renew(this.lease, leaseMs))) return true;
    this.lease = await leases.acquire(`duty:${this.name}`, leaseMs);
    return this.lease !== null;
  }
}
