import type { Clock } from '../clock';
import type { Logger } from '../log';
import { leaseMs, type Lease, type Leases } from './leases';

interface Parts {
  leases: Leases;
  clock: Clock;
  log: Logger;
}

const renewEveryMs = leaseMs / 4;
/** How soon another node notices that the holder is gone. */
const askEveryMs = 1_000;

/** Work that one node at a time does for all (relay, sweepers, routing). Whoever holds the lease does it; a dead holder's lease runs out. */
export class Duty {
  private lease: Lease | null = null;
  private busy: Promise<void> | null = null;
  private again = false;
  private askedAt = 0;
  private askAgainAt = 0;
  private heldUntil = 0;
  private stopTimer: (() => void) | null = null;

  constructor(
    readonly name: string,
    private readonly everyMs: number,
    private readonly work: () => Promise<void>,
    private readonly parts: Parts,
  ) {}

  start(): void {
    this.stopTimer = this.parts.clock.every(this.everyMs, () => this.wake());
    this.wake();
  }

  /** Is it this node that does it? */
  get isHeld(): boolean {
    return this.now() < this.heldUntil;
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
    this.heldUntil = 0;
  }

  private finished(): void {
    this.busy = null;
    if (!this.again) return;
    this.again = false;
    this.wake();
  }

  private async round(): Promise<void> {
    try {
      if (await this.isMine()) await this.workHoldingOn();
    } catch (error) {
      this.parts.log.warn({ err: error }, `${this.name}: will be tried again`);
    }
  }

  /** A round may be longer than a lease. */
  private async workHoldingOn(): Promise<void> {
    const stopRenewing = this.parts.clock.every(renewEveryMs, () => void this.hold().catch(() => false));
    try {
      await this.work();
    } finally {
      stopRenewing();
    }
  }

  /** Asks the store only as often as a lease needs it, however often it is woken. */
  private async isMine(): Promise<boolean> {
    const now = this.now();
    // A clock set back would keep all nodes waiting until it is where it was.
    const isSetBack = now < this.askedAt;
    if (!isSetBack && now < this.askAgainAt) return this.isHeld;
    this.askedAt = now;
    this.askAgainAt = now + (this.lease ? renewEveryMs : askEveryMs);
    if (await this.hold()) return true;
    this.heldUntil = 0;
    this.lease = await this.parts.leases.acquire(`duty:${this.name}`, leaseMs);
    if (this.lease) this.heldUntil = now + leaseMs;
    return this.lease !== null;
  }

  private async hold(): Promise<boolean> {
    const now = this.now();
    if (!this.lease || !(await this.parts.leases.renew(this.lease, leaseMs))) return false;
    this.heldUntil = now + leaseMs;
    return true;
  }

  private now(): number {
    return this.parts.clock.now().getTime();
  }
}
