import type { ReadyEvent, ResumeAnswer, ServerEvent } from '../../../../src/contract/events';

export interface FeedParts {
  /** Asks the server for what came after the cursor. Rejects when the connection goes. */
  resume(cursor: number): Promise<ResumeAnswer>;
  apply(event: ServerEvent): void;
  /** Too much is missing: everything shown has to be read anew, in place. */
  reset(): void;
  /** Nothing is missing any more. */
  settled(): void;
}

/**
 * The one feed of lasting events, made whole again after every gap.
 * What this agent may see need not be numbered without holes, so a gap is `prev` not being what came last.
 */
export class Feed {
  private cursor: number | null = null;
  /** The furthest the server has told of; where a reset goes on from. */
  private head = 0;
  /** By what it is chosen what this agent sees. */
  private rights: string | null = null;
  private catchingUp = false;
  /** What arrives while the gap before it is being filled. */
  private readonly waiting: ServerEvent[] = [];

  constructor(private readonly parts: FeedParts) {}

  /** The first after each connecting. */
  ready({ seq, data: { role, teamIds } }: ReadyEvent): void {
    this.catchingUp = false;
    this.waiting.length = 0;
    this.head = seq;
    const before = this.rights;
    this.rights = JSON.stringify([role, teamIds]);
    // No event tells of what was there before someone might see it, nor of what they may not see any more.
    if (this.cursor === null || this.rights !== before) return this.startAnew();
    if (seq === this.cursor) return this.parts.settled();
    void this.catchUp();
  }

  take(event: ServerEvent): void {
    this.head = Math.max(this.head, event.seq);
    if (this.catchingUp) return void this.waiting.push(event);
    this.follow(event);
  }

  /** The server's word, every 15 s, where our chain stands: finds a gap after which nothing came. */
  noteHead(seq: number): void {
    this.head = Math.max(this.head, seq);
    if (this.cursor !== null && seq > this.cursor && !this.catchingUp) void this.catchUp();
  }

  private follow(event: ServerEvent): void {
    if (this.cursor === null || event.seq <= this.cursor) return;
    if (event.prev === this.cursor) return this.advance(event);
    this.waiting.push(event);
    void this.catchUp();
  }

  private advance(event: ServerEvent): void {
    this.cursor = event.seq;
    this.parts.apply(event);
  }

  private async catchUp(): Promise<void> {
    if (this.catchingUp || this.cursor === null) return;
    this.catchingUp = true;
    try {
      const answer = await this.parts.resume(this.cursor);
      if (!this.catchingUp) return;
      this.catchingUp = false;
      if ('reset' in answer) return this.startAnew();
      for (const event of answer.events) if (event.seq > this.cursor) this.advance(event);
      this.drain();
    } catch {
      // The connection went: its next `ready` catches up.
      this.catchingUp = false;
    }
  }

  private drain(): void {
    for (const event of this.waiting.splice(0)) {
      if (this.catchingUp) this.waiting.push(event);
      else this.follow(event);
    }
    if (!this.catchingUp) this.parts.settled();
  }

  private startAnew(): void {
    this.cursor = this.head;
    this.waiting.length = 0;
    this.parts.reset();
    this.parts.settled();
  }
}
