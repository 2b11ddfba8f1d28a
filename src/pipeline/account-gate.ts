import type { DeliveryErrorClass, DeliveryOutcome } from '../domain/delivery';
import type { Clock } from '../platform/clock';

interface Trouble {
  failures: number;
  /** Its own Retry-After. */
  askedUntil: number;
  closedUntil: number;
}

/** So many failures in a row, whatever the thread, and the account rests. */
const patience = 5;
const firstRestMs = 5_000;
const longestRestMs = 60_000;
/** What says something of the account or its platform; a call that got no answer does. */
const troubles = new Set<DeliveryErrorClass>(['retry', 'token', 'unknown']);
/** One call tries the account after its rest; the others wait this long for what it tells. */
const probeMs = 10_000;

/**
 * When an account may be called. Nothing goes to it before its Retry-After, and after many failures in a row one call at
 * a time tries whether it is back. Kept by each node for itself: it learns within one call. Measured in time that has
 * passed: a wall clock that is set ends no rest and prolongs none.
 */
export class AccountGate {
  private readonly troubles = new Map<string, Trouble>();

  constructor(private readonly parts: { clock: Pick<Clock, 'now' | 'passedMs'>; random: () => number }) {}

  /** Null: now. Asking after a rest is the try itself. */
  opensAt(accountId: string): Date | null {
    const trouble = this.troubles.get(accountId);
    if (!trouble) return null;
    const { clock } = this.parts;
    const passedMs = clock.passedMs();
    if (trouble.closedUntil > passedMs)
      return new Date(clock.now().getTime() + trouble.closedUntil - passedMs);
    if (trouble.failures >= patience) trouble.closedUntil = passedMs + probeMs;
    return null;
  }

  /** Accounts that take nothing now. */
  closed(): string[] {
    const passedMs = this.parts.clock.passedMs();
    return [...this.troubles].filter(([, { closedUntil }]) => closedUntil > passedMs).map(([id]) => id);
  }

  note(accountId: string, outcome: DeliveryOutcome): void {
    const before = this.troubles.get(accountId);
    if (!before && outcome.ok) return;
    const passedMs = this.parts.clock.passedMs();
    const isTrouble = !outcome.ok && troubles.has(outcome.errorClass);
    // An answer to a call that was under way ends no rest that the platform has asked for.
    const asked = Math.max(before?.askedUntil ?? 0, passedMs + ((!outcome.ok && outcome.retryAfterMs) || 0));
    if (isTrouble) {
      const failures = (before?.failures ?? 0) + 1;
      const closedUntil = Math.max(asked, passedMs + this.restMs(failures));
      this.troubles.set(accountId, { failures, askedUntil: asked, closedUntil });
    } else if (asked > passedMs)
      this.troubles.set(accountId, { failures: 0, askedUntil: asked, closedUntil: asked });
    else this.troubles.delete(accountId);
  }

  private restMs(failures: number): number {
    if (failures < patience) return 0;
    const ceiling = Math.min(longestRestMs, firstRestMs * 2 ** (failures - patience));
    return ceiling / 2 + (ceiling / 2) * this.parts.random();
  }
}
