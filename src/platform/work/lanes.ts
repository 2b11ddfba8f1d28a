import type { Clock } from '../clock';
import type { Logger } from '../log';
import type { Lease } from './leases';

interface Work {
  /** Names the lanes, their leases and their log lines. */
  name: string;
  /** Keys that have work now, most urgent first. Asked at start and every `pollMs`. */
  pending(): Promise<string[]>;
  /**
   * Does the work of one key, or a part of it. Answers when it wants to be called again, or null when nothing waits. A moment
   * that has come puts the key in line behind the others.
   */
  run(key: string, lease: Lease): Promise<Date | null>;
  /** What a key is dealt to a node by; the key itself where nothing is said. */
  partitionKeyOf?(key: string): string;
  /** How many keys of one group run at once on this node. */
  concurrency: number;
  /** Keys that share something slow (an account); those of another group never wait for them. */
  groupOf?(key: string): string;
  pollMs: number;
}

/** A key is asked again by then: a wall clock that is set back would make a moment of before it wait much longer. */
const longestWaitMs = 60_000;

/** The right to work on a key, until it is left. */
export interface Claim {
  lease: Lease;
  leave(): void;
}
/** Which keys are this node's. */
export interface Claims {
  /** Begins to work on a key. Null: it is another node's. */
  enter(key: string): Claim | null;
  /** There is more to do for this node now. */
  onGained(listener: () => void): void;
}
interface Parts {
  claims: Claims;
  clock: Clock;
  log: Logger;
}

/**
 * Runs work in lanes: one at a time for each key, many keys side by side, across all nodes.
 * A wake-up makes it prompt, the poll makes it certain.
 */
export class Lanes {
  private readonly running = new Map<string, { again: boolean }>();
  private readonly groups = new Map<string, { waiting: Set<string>; running: number }>();
  private readonly timers = new Map<string, () => void>();
  private stopPolling: (() => void) | null = null;
  private idleListeners: (() => void)[] = [];
  private polling = false;

  constructor(
    private readonly work: Work,
    private readonly parts: Parts,
  ) {
    parts.claims.onGained(() => {
      if (this.stopPolling) void this.poll();
    });
  }

  start(): void {
    this.stopPolling = this.parts.clock.every(this.work.pollMs, () => void this.poll());
    void this.poll();
  }

  /** There may be work for this key. */
  wake(key: string): void {
    if (!this.stopPolling) return;
    const current = this.running.get(key);
    if (current) current.again = true;
    else this.line(key);
  }

  /** Takes nothing new and waits for what runs. */
  async stop(): Promise<void> {
    this.stopPolling?.();
    this.stopPolling = null;
    for (const group of this.groups.values()) group.waiting.clear();
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
    if (this.running.size > 0) await new Promise<void>((resolve) => this.idleListeners.push(resolve));
  }

  private async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    try {
      for (const key of await this.work.pending())
        // What has said when to be called again has nothing to do before.
        if (!this.running.has(key) && !this.timers.has(key)) this.wake(key);
    } catch (error) {
      this.parts.log.warn({ err: error }, `${this.work.name}: cannot look for work`);
    } finally {
      this.polling = false;
    }
  }

  /** Puts a key in line behind those of its group. */
  private line(key: string): void {
    const name = this.work.groupOf?.(key) ?? '';
    const group = this.groups.get(name) ?? { waiting: new Set<string>(), running: 0 };
    this.groups.set(name, group);
    group.waiting.add(key);
    this.fill(name);
  }

  private fill(name: string): void {
    const group = this.groups.get(name);
    for (const key of group?.waiting ?? []) {
      if (!group || group.running >= this.work.concurrency) return;
      group.waiting.delete(key);
      group.running++;
      this.running.set(key, { again: false });
      void this.runLane(key).finally(() => this.finished(key, name));
    }
    if (group?.running === 0) this.groups.delete(name);
  }

  private finished(key: string, name: string): void {
    const again = this.running.get(key)?.again ?? false;
    this.running.delete(key);
    const group = this.groups.get(name);
    if (group) group.running--;
    if (again && this.stopPolling) this.line(key);
    else this.fill(name);
    if (this.running.size === 0) for (const idle of this.idleListeners.splice(0)) idle();
  }

  private async runLane(key: string): Promise<void> {
    const { claims, log } = this.parts;
    const claim = claims.enter(this.work.partitionKeyOf?.(key) ?? key);
    // Should the other node die, the poll finds the key again.
    if (!claim) return;
    try {
      this.callAgain(key, await this.work.run(key, claim.lease));
    } catch (error) {
      log.warn({ err: error, key }, `${this.work.name}: will be tried again`);
    } finally {
      claim.leave();
    }
  }

  private callAgain(key: string, at: Date | null): void {
    this.timers.get(key)?.();
    this.timers.delete(key);
    if (!at || !this.stopPolling) return;
    const waitMs = Math.min(longestWaitMs, at.getTime() - this.parts.clock.now().getTime());
    if (waitMs <= 0) return this.wake(key);
    this.timers.set(
      key,
      this.parts.clock.after(waitMs, () => {
        this.timers.delete(key);
        this.wake(key);
      }),
    );
  }
}
