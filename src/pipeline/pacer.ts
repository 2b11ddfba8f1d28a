import { nextPlaceAt, type Pace, type Paces } from '../domain/pace';

interface Asker {
  accountId: string;
  threadId: string;
  /** Messages of the platform that one of ours becomes. */
  count: number;
}

/** Sweeping is cheap, but not for each message. */
const sweepAt = 5_000;

/**
 * Spreads messages over time as a platform wants them. A thread that comes too early for its account is given a place in
 * time and called back then, so that of many that wait each comes back once. Kept by each node for itself.
 */
export class Pacer {
  private readonly taken = new Map<string, number[]>();
  private readonly places = new Map<string, number>();
  private latestMs = 0;

  /** Null: now. Else when to ask again. */
  take(asker: Asker, { thread, account }: Paces, now: Date): Date | null {
    const { accountId, threadId, count } = asker;
    const nowMs = now.getTime();
    this.watchClock(nowMs);
    const inThread = thread ? nextPlaceAt(this.before(threadId, thread, nowMs), thread, count, nowMs) : nowMs;
    if (inThread > nowMs) return new Date(inThread);
    const inAccount = account ? this.placeOf(asker, account, nowMs) : nowMs;
    if (inAccount > nowMs) return new Date(inAccount);
    this.places.delete(`${accountId}|${threadId}`);
    if (thread) this.note(threadId, count, nowMs);
    this.sweep(nowMs);
    return null;
  }

  private placeOf({ accountId, threadId, count }: Asker, pace: Pace, nowMs: number): number {
    const key = `${accountId}|${threadId}`;
    const promised = this.places.get(key);
    if (promised !== undefined) return promised;
    const at = nextPlaceAt(this.before(accountId, pace, nowMs), pace, count, nowMs);
    this.note(accountId, count, at);
    if (at > nowMs) this.places.set(key, at);
    return at;
  }

  /** What was taken that still counts. */
  private before(key: string, { perMs }: Pace, nowMs: number): number[] {
    const counting = (this.taken.get(key) ?? []).filter((at) => at > nowMs - perMs);
    this.taken.set(key, counting);
    return counting;
  }

  private note(key: string, count: number, at: number): void {
    const times = this.taken.get(key) ?? [];
    for (let one = 0; one < count; one++) times.push(at);
    this.taken.set(key, times);
  }

  /** A wall clock that was set back would make what was taken look like places far ahead. */
  private watchClock(nowMs: number): void {
    if (nowMs < this.latestMs - 1_000) {
      this.taken.clear();
      this.places.clear();
    }
    this.latestMs = nowMs;
  }

  private sweep(nowMs: number): void {
    if (this.taken.size + this.places.size < sweepAt) return;
    for (const [key, times] of this.taken) if ((times.at(-1) ?? 0) < nowMs - 60_000) this.taken.delete(key);
    for (const [key, at] of this.places) if (at < nowMs - 60_000) this.places.delete(key);
  }
}
