import type { Clock } from '../../platform/clock';

interface Parts {
  clock: Clock;
  /** Null while the nodes hear each other. */
  problem(): Promise<string | null>;
  /** Shows the visitors of this node what was written to them since then; what they have is not shown twice. */
  showSince(since: Date): Promise<void>;
}

/** What was on its way between nodes when they stopped hearing each other. */
const overlapMs = 10_000;

/**
 * A reply may be sent by another node than the one that holds the visitor's socket. While Redis is away no node hears
 * that: then, and once more when it is back, the visitors of this node are shown what the store has for them.
 */
export class CatchUp {
  private since: Date | null = null;

  constructor(private readonly parts: Parts) {}

  async run(): Promise<void> {
    const problem = await this.parts.problem();
    if (problem !== null) this.since ??= new Date(this.parts.clock.now().getTime() - overlapMs);
    if (!this.since) return;
    const startedAt = this.parts.clock.now();
    await this.parts.showSince(this.since);
    this.since = problem === null ? null : new Date(startedAt.getTime() - overlapMs);
  }
}
