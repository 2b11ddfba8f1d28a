import type { Doc } from '../bson/value';
import { StoreError } from '../error';

interface Cursor {
  namespace: string;
  rest: Doc[];
  usedAtMs: number;
}

const idleMs = 10 * 60_000;
const firstBatch = 101;
const largestBatchBytes = 12 * 1024 * 1024;

/** Results that did not fit in one answer, until they are read or forgotten. */
export class Cursors {
  private readonly open = new Map<bigint, Cursor>();
  private nextId = 1n;

  constructor(private readonly nowMs: () => number) {}

  /** The first batch; the rest waits under an id. */
  begin(namespace: string, docs: Doc[], batchSize: number | null): { id: bigint; batch: Doc[] } {
    const size = cut(docs, batchSize ?? firstBatch);
    const rest = docs.slice(size);
    if (rest.length === 0) return { id: 0n, batch: docs.slice(0, size) };
    this.forgetIdle();
    const id = this.nextId++ * 1_000_003n;
    this.open.set(id, { namespace, rest, usedAtMs: this.nowMs() });
    return { id, batch: docs.slice(0, size) };
  }

  next(id: bigint, batchSize: number | null): { id: bigint; namespace: string; batch: Doc[] } {
    const cursor = this.open.get(id);
    if (!cursor) throw new StoreError(43, `cursor id ${id} not found`);
    const size = cut(cursor.rest, batchSize ?? Infinity);
    const batch = cursor.rest.slice(0, size);
    cursor.rest = cursor.rest.slice(size);
    cursor.usedAtMs = this.nowMs();
    if (cursor.rest.length === 0) this.open.delete(id);
    return { id: cursor.rest.length === 0 ? 0n : id, namespace: cursor.namespace, batch };
  }

  kill(id: bigint): boolean {
    return this.open.delete(id);
  }

  private forgetIdle(): void {
    for (const [id, { usedAtMs }] of this.open) if (usedAtMs + idleMs < this.nowMs()) this.open.delete(id);
  }
}

/** How many fit: by number, and roughly by bytes. */
function cut(docs: Doc[], most: number): number {
  let bytes = 0;
  for (const [index, doc] of docs.entries()) {
    if (index >= most) return index;
    bytes += roughSize(doc);
    if (bytes > largestBatchBytes && index > 0) return index;
  }
  return docs.length;
}

function roughSize(value: unknown): number {
  if (typeof value === 'string') return value.length * 3;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + roughSize(item), 8);
  if (value instanceof Map)
    return [...value].reduce((sum, [key, item]) => sum + (key as string).length + roughSize(item), 8);
  const buffer = (value as { position?: number } | null)?.position;
  return 16 + (buffer ?? 0);
}
