import type { Engine } from './engine';

/** A moment at which a long work may be interrupted. */
export type Pulse = null;

/**
 * A long work that writes, cut into slices: each is a step of its own, that may share its commit, and between them
 * others read and write. What a slice has written stays, whatever becomes of the next.
 */
export class Slices {
  /** What was read in another slice may have changed since. */
  count = 0;

  constructor(private readonly engine: Engine) {}

  /** `committed` is told after each slice. @throws what the work throws; of its last slice nothing is left. */
  async run<T>(work: Iterator<Pulse, T>, committed: () => void = () => undefined): Promise<T> {
    for (;;) {
      const last = await this.engine.table.transaction((isOver) => {
        this.count++;
        for (;;) {
          const { value, done } = work.next();
          if (done) return { value };
          if (isOver()) return null;
        }
      });
      committed();
      if (last) return last.value;
    }
  }
}
