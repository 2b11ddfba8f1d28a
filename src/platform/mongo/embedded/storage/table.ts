import type { RootDatabase } from 'lmdb';
import type { Pulse } from './slices';

export interface Entry {
  key: Buffer;
  value: Buffer;
}

/** So many entries are read before the place is looked up again: a long scan holds no snapshot and no cursor. */
const smallestChunk = 16;
const largestChunk = 512;
/** Some tenths of a millisecond. */
const countedAtOnce = 4_000;
const largestChunkBytes = 1024 * 1024;
const removedAtOnce = 100;
/** So long are steps put into one commit; while they run, nothing else does. */
const longestCommitMs = 10;

/** An ordered map from bytes to bytes, with transactions that share one flush to disk. */
export class Table {
  private readonly waiting: Step[] = [];
  private isCommitting = false;
  private closing: Promise<void> | null = null;
  /** Has something been committed since reads began? */
  private isStale = false;

  constructor(
    private readonly root: RootDatabase<Buffer, Buffer>,
    private readonly keeper: Keeper,
  ) {}

  get(key: Buffer): Buffer | undefined {
    return this.root.getBinary(key);
  }

  /** A value as `read` makes it of bytes that are good only while it runs. */
  reading<T>(key: Buffer, read: Read<T>): T | undefined {
    const bytes = this.root.getBinaryFast(key) as Buffer | undefined;
    return bytes && read(bytes, bytes.length);
  }

  put(key: Buffer, value: Buffer): void {
    this.root.putSync(key, value);
  }

  remove(key: Buffer): void {
    this.root.removeSync(key);
  }

  /**
   * Entries with start ≤ key < end; reversed, the last first. It may be interrupted by writes, and goes on behind
   * the last key that it gave.
   */
  *range(start: Buffer, end: Buffer, reverse: boolean): Generator<Entry> {
    let [low, high, size]: [Buffer, Buffer, number] = [start, end, smallestChunk];
    while (Buffer.compare(low, high) < 0) {
      const chunk = this.chunk(low, high, reverse, size);
      yield* chunk;
      const last = chunk.at(-1);
      if (!last || chunk.length < size) return;
      if (reverse) high = last.key;
      else low = keyAfter(last.key);
      size = Math.min(size * 2, largestChunk, mostOf(chunk));
    }
  }

  /**
   * Values with start ≤ key < end as `read` makes them of bytes that are good only while it runs, in parts: what is of
   * them few fields need not be copied whole.
   */
  *readings<T>(start: Buffer, end: Buffer, read: Read<T>): Generator<T[]> {
    for (let low: Buffer | null = start; low;) {
      const { items, next }: Reading<T> = this.readSome(low, end, read);
      yield items;
      low = next;
    }
  }

  private readSome<T>(low: Buffer, end: Buffer, read: Read<T>): Reading<T> {
    const items: T[] = [];
    let bytes = 0;
    const decode: Read<T> = (source, length) => {
      bytes += length;
      return read(source, length);
    };
    const store = this.root as unknown as ReadingStore<T>;
    const { readKey } = store;
    // Of the keys only the last is asked for.
    let last: Parameters<typeof readKey> | null = null;
    const key = (): Buffer | undefined => (last && readKey(...last)) || undefined;
    store.readKey = (...place) => void (last = place);
    store.decoder = { decode };
    store.decoderCopies = true;
    try {
      for (const { value } of this.root.getRange({ start: low, end })) {
        items.push(value as T);
        if (items.length >= largestChunk || bytes >= largestChunkBytes)
          return { items, next: keyAfter(key() ?? low) };
      }
      return { items, next: null };
    } finally {
      store.readKey = readKey;
      store.decoder = undefined;
      store.decoderCopies = undefined;
    }
  }

  /** So many of the first keys, or of the last, at once. */
  firstKeys(start: Buffer, end: Buffer, { reverse, most }: { reverse: boolean; most: number }): Buffer[] {
    const found: Buffer[] = [];
    for (const key of this.keys(start, end, reverse, most)) if (found.push(key) >= most) break;
    return found;
  }

  /** The keys alone. `expected`: how many will be asked for. */
  *keys(start: Buffer, end: Buffer, reverse: boolean, expected = smallestChunk): Generator<Buffer> {
    let [low, high, size]: [Buffer, Buffer, number] = [start, end, Math.min(expected, largestChunk)];
    while (Buffer.compare(low, high) < 0) {
      const options = reverse
        ? { start: high, end: low, reverse, limit: size + 1 }
        : { start: low, end: high, limit: size };
      const read = [...this.root.getKeys(options)] as Buffer[];
      const inside = reverse ? withoutEnd(read, high, (key) => key) : read;
      const chunk = inside.slice(0, size);
      if (reverse && inside.length < size && this.root.doesExist(low) && !chunk.at(-1)?.equals(low))
        chunk.push(low);
      yield* chunk;
      const last = chunk.at(-1);
      if (!last || chunk.length < size) return;
      if (reverse) high = last;
      else low = keyAfter(last);
      size = Math.min(size * 2, largestChunk);
    }
  }

  /**
   * How many keys there are, up to `most`, in parts: LMDB passes over many without giving them, and others can go in
   * between.
   */
  *counts(start: Buffer, end: Buffer, most = Infinity): Generator<number> {
    let [low, left] = [start, most];
    while (left > 0 && Buffer.compare(low, end) < 0) {
      const offset = Math.min(countedAtOnce, left);
      const [next] = [...this.root.getKeys({ start: low, end, offset, limit: 1 })];
      yield next ? offset : this.root.getKeysCount({ start: low, end });
      if (!next) return;
      low = next as Buffer;
      left -= offset;
    }
  }

  private chunk(low: Buffer, high: Buffer, reverse: boolean, size: number): Entry[] {
    if (!reverse) return [...this.root.getRange({ start: low, end: high, limit: size })];
    // LMDB begins a reversed range with its start and ends it before its end: here it is the other way round.
    const read = withoutEnd(
      [...this.root.getRange({ start: high, end: low, reverse, limit: size + 1 })],
      high,
      ({ key }) => key,
    );
    if (read.length >= size) return read.slice(0, size);
    const first = this.get(low);
    return first && !read.at(-1)?.key.equals(low) ? [...read, { key: low, value: first }] : read;
  }

  /** Removes all that begins so, in parts. */
  *removeRange(prefix: Buffer): Generator<Pulse, void> {
    let removed = 0;
    for (const key of this.keys(prefix, prefixEnd(prefix), false)) {
      this.remove(key);
      if (++removed % removedAtOnce === 0) yield null;
    }
  }

  /**
   * Runs `work` alone. Answers after it is on disk; those that wait at once share one commit. When it throws, nothing of
   * it is there, and the others are as if it had never been; when the commit fails, nothing of any is there.
   * A long one asks whether its time is over, and leaves the rest to a step of its own.
   */
  transaction<T>(work: Work<T>): Promise<T> {
    if (this.closing) return Promise.reject(new Error('The store is closing.'));
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ work, resolve: resolve as Step['resolve'], reject });
      if (this.waiting.length === 1 && !this.isCommitting) setImmediate(() => void this.commitWaiting());
    });
  }

  private async commitWaiting(): Promise<void> {
    if (this.isCommitting) return;
    this.isCommitting = true;
    while (this.waiting.length > 0) await this.commit();
    this.isCommitting = false;
  }

  private async commit(): Promise<void> {
    const steps: Step[] = [];
    try {
      const outcomes = await this.root
        .transaction(() => this.runWaiting(steps))
        .finally(() => (this.isStale = true));
      for (const [index, { resolve, reject }] of steps.entries()) {
        const outcome = outcomes[index] as Outcome;
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.value);
      }
    } catch (error) {
      const cause = await causeOf(error);
      this.refresh();
      const told = this.keeper.commitFailed(cause);
      if (steps.length === 0) steps.push(...this.waiting.splice(0));
      for (const { reject } of steps) reject(told);
    }
  }

  /** What waits, as far as the time of one commit goes; `steps` are those that were begun. */
  private runWaiting(steps: Step[]): Outcome[] {
    const startedAt = performance.now();
    const isOver = () => performance.now() - startedAt > longestCommitMs;
    const outcomes: Outcome[] = [];
    do {
      const step = this.waiting.shift();
      if (!step) break;
      steps.push(step);
      outcomes.push(this.outcomeOf(step, isOver));
    } while (!isOver());
    return outcomes;
  }

  /** Every step is a child of the transaction that it shares, which costs it some 4 µs. */
  private outcomeOf({ work }: Step, isOver: () => boolean): Outcome {
    try {
      return { value: this.root.transactionSync(() => work(isOver)) };
    } catch (error) {
      this.keeper.stepUndone();
      return { error };
    }
  }

  /** What waits is written before; what comes later is refused. */
  close(): Promise<void> {
    this.closing ??= this.transaction(() => undefined)
      .catch(() => undefined)
      .then(() => this.root.close());
    return this.closing;
  }

  /** Reads begin with what is committed now. Only this process writes: without a commit since, they do already. */
  refresh(): void {
    if (!this.isStale) return;
    this.isStale = false;
    (this.root as unknown as { resetReadTxn(): void }).resetReadTxn();
  }
}

/** Who keeps in memory what the table says, and is told when the table takes it back, before anything else is begun. */
export interface Keeper {
  /** Inside the transaction: what the step wrote is gone. */
  stepUndone(): void;
  /** Everything since the last commit is gone. Answers what those who wait are told. */
  commitFailed(cause: unknown): unknown;
}

/** What lmdb's ranges use of a store to make its keys and values. */
interface ReadingStore<T> {
  readKey(source: Buffer, from: number, to: number): Buffer | undefined;
  decoder?: { decode: Read<T> };
  decoderCopies?: boolean;
}
export type Read<T> = (bytes: Buffer, length: number) => T;
interface Reading<T> {
  items: T[];
  /** Where to go on. */
  next: Buffer | null;
}
export type Work<T> = (isOver: () => boolean) => T;
interface Step {
  work: Work<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}
type Outcome = { value: unknown } | { error: unknown };

/** lmdb tells by a promise of the error why a commit failed; a disk that is full may leave it at "Input/output error". */
async function causeOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { commitError?: Promise<never> };
  if (!commitError) return error;
  const nextTurn = new Promise((resolve) => setImmediate(resolve, error));
  return Promise.race([commitError, nextTurn]).catch((cause: unknown) => cause);
}

/** Of entries as large as these. */
const mostOf = (chunk: Entry[]): number => {
  const bytes = chunk.reduce((sum, { value }) => sum + value.length, 0);
  return Math.max(1, Math.floor((largestChunkBytes * chunk.length) / Math.max(1, bytes)));
};

const withoutEnd = <T>(read: T[], end: Buffer, keyOf: (entry: T) => Buffer): T[] =>
  read[0] !== undefined && Buffer.compare(keyOf(read[0]), end) >= 0 ? read.slice(1) : read;

const keyAfter = (key: Buffer): Buffer => Buffer.concat([key, Buffer.of(0)]);

/** `[collection][index]`: the beginning of every key of one table. */
export function tableKey(collectionId: number, indexNumber: number): Buffer {
  const key = Buffer.allocUnsafe(6);
  key.writeUInt32BE(collectionId, 0);
  key.writeUInt16BE(indexNumber, 4);
  return key;
}

export function recordSuffix(recordId: number): Buffer {
  const suffix = Buffer.allocUnsafe(6);
  suffix.writeUIntBE(recordId, 0, 6);
  return suffix;
}

/** `[collection][index][key][record id]`: one entry of an index. */
export function indexKey(collectionId: number, indexNumber: number, key: Buffer, recordId: number): Buffer {
  const whole = Buffer.allocUnsafe(key.length + 12);
  whole.writeUInt32BE(collectionId, 0);
  whole.writeUInt16BE(indexNumber, 4);
  key.copy(whole, 6);
  whole.writeUIntBE(recordId, key.length + 6, 6);
  return whole;
}

export const recordKey = (collectionId: number, recordId: number): Buffer =>
  Buffer.concat([tableKey(collectionId, 0), recordSuffix(recordId)]);
export const recordIdOf = (key: Buffer): number => key.readUIntBE(key.length - 6, 6);

/** The first key after all that begin with this. */
export function prefixEnd(prefix: Buffer): Buffer {
  const end = Buffer.from(prefix);
  for (let index = end.length - 1; index >= 0; index--) {
    if (end[index] !== 255) {
      end[index] = (end[index] as number) + 1;
      return end.subarray(0, index + 1);
    }
  }
  return Buffer.concat([prefix, Buffer.alloc(64, 255)]);
}
