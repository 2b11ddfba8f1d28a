import type { Clock } from '../../src/platform/clock';

interface Timer {
  dueMs: number;
  everyMs: number | null;
  task: () => void;
}

/** Time that stands still until a test moves it. */
export class ManualClock implements Clock {
  private ms: number;
  /** By how much the wall clock has been set. */
  private setMs = 0;
  private timers = new Set<Timer>();

  constructor(start = '2026-10-12T02:00:00.000Z') {
    this.ms = Date.parse(start);
  }

  now(): Date {
    return new Date(this.ms);
  }

  passedMs(): number {
    return this.ms - this.setMs;
  }

  after(ms: number, task: () => void): () => void {
    return this.add({ dueMs: this.ms + ms, everyMs: null, task });
  }

  every(ms: number, task: () => void): () => void {
    return this.add({ dueMs: this.ms + ms, everyMs: ms, task });
  }

  /** Moves time on and runs what falls due, in order. */
  advance(ms: number): void {
    const end = this.ms + ms;
    for (let next = this.nextDue(end); next; next = this.nextDue(end)) {
      this.ms = Math.max(this.ms, next.dueMs);
      if (next.everyMs === null) this.timers.delete(next);
      else next.dueMs += next.everyMs;
      next.task();
    }
    this.ms = end;
  }

  /** The wall clock is set: what was to happen in a while still happens in a while. */
  jump(ms: number): void {
    this.ms += ms;
    this.setMs += ms;
    for (const timer of this.timers) timer.dueMs += ms;
  }

  private nextDue(end: number): Timer | undefined {
    return [...this.timers].filter((timer) => timer.dueMs <= end).sort((a, b) => a.dueMs - b.dueMs)[0];
  }

  private add(timer: Timer): () => void {
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }
}
