import { encode } from '../bson/encode';
import type { Doc } from '../bson/value';
import { StoreError } from '../error';
import type { Turns } from './turns';

interface Cursor {
  namespace: string;
  flow: Iterator<Doc | Buffer | null>;
  /** What was read and did not fit into the last batch. */
  waiting: Buffer | null;
  usedAtMs: number;
  isBusy: boolean;
  neverExpires: boolean;
}
export interface Batch {
  id: bigint;
  namespace: string;
  batch: Buffer[];
}

export const idleMs = 10 * 60_000;
const firstBatch = 101;
/** A batch is cut at 16 MB, or the answer would be larger than a client takes. */
const largestBatchBytes = 16 * 1024 * 1024;

/** As MongoDB: a document of 16 MB, and what a stage has put around it. */
const largestResultBytes = 16 * 1024 * 1024 + 16 * 1024;

/** Results that did not fit in one answer: searches that stand still until they are asked to go on. */
export class Cursors {
  private readonly open = new Map<bigint, Cursor>();
  private nextId = BigInt(Math.floor(Math.random() * 2 ** 40)) + 1n;

  constructor(
    private readonly nowMs: () => number,
    private readonly turns: Turns,
  ) {}

  get count(): number {
    return this.open.size;
  }

  /** The first batch; the rest waits under an id. */
  async begin(
    namespace: string,
    flow: Iterable<Doc | Buffer | null>,
    {
      batchSize = null,
      isSingle = false,
      neverExpires = false,
    }: { batchSize?: number | null; isSingle?: boolean; neverExpires?: boolean } = {},
  ): Promise<Batch> {
    const cursor: Cursor = {
      namespace,
      flow: flow[Symbol.iterator](),
      waiting: null,
      usedAtMs: this.nowMs(),
      isBusy: true,
      neverExpires,
    };
    const { batch, isDone } = await this.read(cursor, batchSize ?? firstBatch);
    cursor.isBusy = false;
    if (isDone || isSingle) {
      cursor.flow.return?.();
      return { id: 0n, namespace, batch };
    }
    this.forgetIdle();
    const id = this.nextId++;
    this.open.set(id, cursor);
    return { id, namespace, batch };
  }

  async next(id: bigint, namespace: string, batchSize: number | null): Promise<Batch> {
    const cursor = this.open.get(id);
    if (!cursor || cursor.namespace !== namespace) throw new StoreError(43, `cursor id ${id} not found`);
    if (cursor.isBusy) throw new StoreError(12051, `cursor id ${id} is already in use`);
    cursor.isBusy = true;
    try {
      const { batch, isDone } = await this.read(cursor, batchSize ?? Infinity);
      if (isDone) this.open.delete(id);
      return { id: isDone ? 0n : id, namespace: cursor.namespace, batch };
    } catch (error) {
      this.open.delete(id);
      throw error;
    } finally {
      cursor.isBusy = false;
      cursor.usedAtMs = this.nowMs();
      // Killed while it was read: nobody can ask for it again.
      if (!this.open.has(id)) cursor.flow.return?.();
    }
  }

  kill(id: bigint): boolean {
    const cursor = this.open.get(id);
    if (cursor && !cursor.isBusy) cursor.flow.return?.();
    return this.open.delete(id);
  }

  /** What a search that stands still holds is let go with it. */
  close(): void {
    for (const id of [...this.open.keys()]) this.kill(id);
  }

  forgetIdle(): void {
    for (const [id, { usedAtMs, isBusy, neverExpires }] of this.open)
      if (!isBusy && !neverExpires && usedAtMs + idleMs < this.nowMs()) this.kill(id);
  }

  private async read(cursor: Cursor, most: number): Promise<{ batch: Buffer[]; isDone: boolean }> {
    const batch: Buffer[] = [];
    let bytes = 0;
    const turn = this.turns.begin();
    for (;;) {
      // Whether there is more is known by looking: what does not fit into this batch waits for the next.
      const next = cursor.waiting ?? followingOf(cursor);
      cursor.waiting = null;
      if (turn.isOver()) await turn.give();
      if (next === 'end') return { batch, isDone: true };
      if (next === null) continue;
      bytes += next.length;
      if (batch.length >= most || (bytes > largestBatchBytes && batch.length > 0)) {
        cursor.waiting = next;
        return { batch, isDone: false };
      }
      batch.push(next);
    }
  }
}

/** The next document as bytes, or a pulse. */
function followingOf({ flow }: Cursor): Buffer | 'end' | null {
  const { value, done } = flow.next();
  if (done) return 'end';
  if (!(value instanceof Map)) return value;
  const bytes = encode(value);
  if (bytes.length > largestResultBytes)
    throw new StoreError(10334, `BSONObj size: ${bytes.length} is invalid. A result has at most 16 MB`);
  return bytes;
}
