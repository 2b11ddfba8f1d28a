import { isStoreAway } from '../connection';

interface Waiting<Call, Result> {
  call: Call;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** A connection may hang for as long as the driver allows. What comes after it waits no longer than this. */
const patienceMs = 250;

/** What became of one call of a batch. */
export type Outcome<Result> = { result: Result } | { error: unknown };

/**
 * Makes one round trip of calls that come at the same time. The first goes at once; what comes while a batch is under way
 * goes with the next one, so batches grow with the load and nobody waits for a timer.
 */
export class Batcher<Call, Result> {
  private waiting: Waiting<Call, Result>[] = [];
  /** A batch is under way, or about to be: what comes now waits for it. */
  private isBusy = false;

  /** @param run answers an outcome for each call, in order. A call may be run twice, and must allow it. */
  constructor(
    private readonly run: (calls: Call[]) => Promise<Outcome<Result>[]>,
    private readonly largest = 100,
  ) {}

  do(call: Call): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ call, resolve, reject });
      if (!this.isBusy) this.next();
    });
  }

  /** After this turn of the event loop: whoever was answered by the same packet is in time. */
  private next(): void {
    this.isBusy = true;
    setImmediate(() => void this.round());
  }

  private async round(): Promise<void> {
    const batch = this.waiting.splice(0, this.largest);
    let isAwaited = true;
    const goOn = () => {
      if (!isAwaited) return;
      isAwaited = false;
      if (this.waiting.length > 0) this.next();
      else this.isBusy = false;
    };
    const patience = setTimeout(goOn, patienceMs);
    await this.settle(batch);
    clearTimeout(patience);
    goOn();
  }

  private async settle(batch: Waiting<Call, Result>[]): Promise<void> {
    try {
      const outcomes = await this.run(batch.map(({ call }) => call));
      batch.forEach(({ resolve, reject }, place) => {
        const outcome = outcomes[place] ?? { error: new Error('A batch left a call without an answer.') };
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.result);
      });
    } catch (error) {
      if (batch.length === 1 || isStoreAway(error)) for (const { reject } of batch) reject(error);
      // One that cannot even be sent must not fail those that came with it.
      else for (const one of batch) await this.settle([one]);
    }
  }
}
