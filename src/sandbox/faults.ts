import { EventEmitter, once } from 'node:events';

/** What is wrong with a platform right now. */
export interface Controls {
  /** The platform's API drops every connection; its webhooks wait. */
  offline: boolean;
  /** Every API answer is held back so long. */
  slowMs: number;
  /** The next sends fail with this status. */
  fail: { count: number; status: 429 | 500; retryAfterSeconds: number };
  /** The next sends are carried out, but the connection breaks before the answer. */
  dropAnswers: number;
  /** How often each webhook is delivered. */
  deliveries: number;
  /** The copies are sent at the same time instead of one after another. */
  atOnce: boolean;
  /** The next webhooks come from an impostor who does not know the secret. */
  badSignatures: number;
}

const calm: Controls = {
  offline: false,
  slowMs: 0,
  fail: { count: 0, status: 500, retryAfterSeconds: 1 },
  dropAnswers: 0,
  deliveries: 1,
  atOnce: false,
  badSignatures: 0,
};

/** The controls of every account. Those that count go down as they are used. */
export class Faults extends EventEmitter<{ changed: [accountId: string] }> {
  private readonly controls = new Map<string, Controls>();

  constructor() {
    super();
    // Everybody whose message waits for the platform listens.
    this.setMaxListeners(0);
  }

  of(accountId: string): Controls {
    return this.controls.get(accountId) ?? calm;
  }

  change(accountId: string, changes: Partial<Controls>): Controls {
    const controls = { ...this.of(accountId), ...changes };
    this.controls.set(accountId, controls);
    this.emit('changed', accountId);
    return controls;
  }

  reset(): void {
    const ids = [...this.controls.keys()];
    this.controls.clear();
    for (const id of ids) this.emit('changed', id);
  }

  /** The failure that the next send meets, if any is left. */
  takeFailure(accountId: string): Controls['fail'] | null {
    const { fail } = this.of(accountId);
    if (fail.count <= 0) return null;
    this.change(accountId, { fail: { ...fail, count: fail.count - 1 } });
    return fail;
  }

  takeDroppedAnswer(accountId: string): boolean {
    const { dropAnswers } = this.of(accountId);
    if (dropAnswers > 0) this.change(accountId, { dropAnswers: dropAnswers - 1 });
    return dropAnswers > 0;
  }

  takeBadSignature(accountId: string): boolean {
    const { badSignatures } = this.of(accountId);
    if (badSignatures > 0) this.change(accountId, { badSignatures: badSignatures - 1 });
    return badSignatures > 0;
  }

  async untilOnline(accountId: string, signal: AbortSignal): Promise<void> {
    while (this.of(accountId).offline && !signal.aborted)
      await once(this, 'changed', { signal }).catch(() => undefined);
  }
}
