import type { Clock } from '../../platform/clock';

interface Parts {
  clock: Clock;
  /** Null while the nodes hear each other. */
  problem(): Promise<string | null>;
  /** Shows the visitors of this node what the store has for them and they have not. */
  showMissed(): Promise<void>;
}

/** So much later another node may hear again. */
const lagMs = 10_000;

/**
 * A reply may be sent by another node than the one that holds the visitor's socket. While Redis is away no node hears
 * that: then, and until each is sure to hear again, the visitors of this node are shown what the store has for them.
 */
export class CatchUp {
  private troubledAt: Date | null = null;

  constructor(private readonly parts: Parts) {}

  async run(): Promise<void> {
    const problem = await this.parts.problem();
    const now = this.parts.clock.now();
    if (problem !== null) this.troubledAt = now;
    if (!this.troubledAt) return;
    await this.parts.showMissed();
    if (now.getTime() - this.troubledAt.getTime() >= lagMs) this.troubledAt = null;
  }
}
