import type { Clock } from './clock';
import type { Logger } from './log';

/** A clock that is set by less makes nothing of note fall due early. */
const toleratedMs = 5_000;
/** Clocks that drift are set right a little all the time: a thousandth of what has passed is no leap. */
const driftShare = 1 / 1_000;
/** So long a leap must stand: a time service that serves at all has corrected a wrong one by then. */
export const doubtMs = 15 * 60_000;

/**
 * The moment that deadlines are judged by. When the wall clock leaps ahead of the time that has passed on this machine, it
 * goes on as if it had not, until the leap has stood for a quarter of an hour: a breach that is told late can be explained,
 * one that never was cannot be taken back. A machine that slept has not leapt, and a clock set back is believed at once.
 */
export class DeadlineTime {
  /** The wall clock less the time passed, as last believed. */
  private believedMs: number;
  private lookedAtMs: number;
  private doubtedAtMs: number | null = null;

  constructor(private readonly parts: { clock: Clock; log: Logger }) {
    this.lookedAtMs = parts.clock.passedMs();
    this.believedMs = parts.clock.now().getTime() - this.lookedAtMs;
  }

  now(): Date {
    const passedMs = this.parts.clock.passedMs();
    const wallMs = this.parts.clock.now().getTime();
    if (this.isDoubted(wallMs - passedMs - this.believedMs, passedMs))
      return new Date(this.believedMs + passedMs);
    this.believedMs = wallMs - passedMs;
    this.lookedAtMs = passedMs;
    this.doubtedAtMs = null;
    return new Date(wallMs);
  }

  private isDoubted(leapMs: number, passedMs: number): boolean {
    if (leapMs <= toleratedMs + (passedMs - this.lookedAtMs) * driftShare) return false;
    if (this.doubtedAtMs === null) {
      this.doubtedAtMs = passedMs;
      const leapSeconds = Math.round(leapMs / 1_000);
      this.parts.log.warn(
        { leapSeconds },
        'clock: it leapt ahead; deadlines wait 15 minutes for its correction',
      );
    }
    return passedMs - this.doubtedAtMs < doubtMs;
  }
}
