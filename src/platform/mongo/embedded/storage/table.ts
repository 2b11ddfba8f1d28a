import type { Database, RootDatabase } from 'lmdb';

/** An ordered map from bytes to bytes, with transactions that share one flush to disk. */
export class Table {
  constructor(
    private readonly root: RootDatabase<Buffer, Buffer>,
    private readonly database: Database<Buffer, Buffer>,
  ) {}

  get(key: Buffer): Buffer | undefined {
    const value = this.database.get(key);
    return value && Buffer.from(value);
  }

  put(key: Buffer, value: Buffer): void {
    this.database.putSync(key, value);
  }

  remove(key: Buffer): void {
    this.database.removeSync(key);
  }

  /** Entries with start ≤ key < end; reversed, the last first. */
  *range(start: Buffer, end: Buffer, reverse: boolean): Generator<{ key: Buffer; value: Buffer }> {
    const options = reverse ? { start: end, end: start, reverse } : { start, end };
    for (const { key, value } of this.database.getRange(options)) {
      // LMDB begins a reversed range with its start: the end itself is not inside.
      if (reverse && Buffer.compare(key, end) >= 0) continue;
      yield { key: Buffer.from(key), value: Buffer.from(value) };
    }
    if (reverse) {
      const first = this.database.get(start);
      if (first) yield { key: start, value: Buffer.from(first) };
    }
  }

  removeRange(prefix: Buffer): void {
    const keys = [...this.range(prefix, prefixEnd(prefix), false)].map(({ key }) => key);
    for (const key of keys) this.remove(key);
  }

  /** Runs `work` alone. Answers after it is on disk; many that wait at once share the flush. */
  async transaction<T>(work: () => T): Promise<T> {
    const outcome = await this.root.transaction(() => {
      try {
        return { value: work() };
      } catch (error) {
        return { error };
      }
    });
    if ('error' in outcome) throw outcome.error;
    return outcome.value as T;
  }

  /** Reads begin with what is committed now. */
  refresh(): void {
    (this.root as unknown as { resetReadTxn(): void }).resetReadTxn();
  }
}

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
