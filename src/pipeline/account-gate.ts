import type { DeliveryOutcome } from '../domain/delivery';

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
/** One call tries the account after its rest; the others wait this long for what it tells. */
const probeMs = 10_000;

/**
 * When an account may be called. Nothing goes to it before its Retry-After, and after many failures in a row one call at
 * a time tries whether it is back. Kept by each node for itself: it learns within one call.
 */
export class AccountGate {
  private readonly troubles = new Map<string, Trouble>();

  constructor(private readonly random: () => number) {}

  /** Null: now. Asking after a rest is the try itself. */
  opensAt(accountId: string, now: Date): Date | null {
    const trouble = this.troubles.get(accountId);
    if (!trouble) return null;
    if (trouble.closedUntil > now.getTime()) return new Date(trouble.closedUntil);
    if (trouble.failures >= patience) trouble.closedUntil = now.getTime() + probeMs;
    return null;
  }

  /** Accounts that take nothing now. */
  closed(now: Date): string[] {
    return [...this.troubles].filter(([, { closedUntil }]) => closedUntil > now.getTime()).map(([id]) => id);
  }

  note(accountId: string, outcome: DeliveryOutcome, now: Date): void {
    const before = this.troubles.get(accountId);
    const isTrouble = !outcome.ok && (outcome.errorClass === 'retry' || outcome.errorClass === 'token');
    // An answer to a call that was under way ends no rest that the platform has asked for.
    const asked = Math.max(
      before?.askedUntil ?? 0,
      now.getTime() + ((!outcome.ok && outcome.retryAfterMs) || 0),
    );
    if (isTrouble) {
      const failures = (before?.failures ?? 0) + 1;
      const closedUntil = Math.max(asked, now.getTime() + this.restMs(failures));
      this.troubles.set(accountId, { failures, askedUntil: asked, closedUntil });
    } else if (asked > now.getTime())
      this.troubles.set(accountId, { failures: 0, askedUntil: asked, closedUntil: asked });
    else this.troubles.delete(accountId);
  }

  private restMs(failures: number): number {
    if (failures < patience) return 0;
    const ceiling = Math.min(longestRestMs, firstRestMs * 2 ** (failures - patience));
    return ceiling / 2 + (ceiling / 2) * this.random();
  }
}
