import { decodeStored } from '../bson/decode';
import { encode } from '../bson/encode';
import type { Doc, Value } from '../bson/value';
import { StoreError } from '../error';
import { keysOf, type IndexDefinition } from './index-definition';
import { prefixEnd, recordIdOf, recordKey, recordSuffix, tableKey, type Table } from './table';

export interface Stored {
  recordId: number;
  doc: Doc;
  bytes: Buffer;
}

const documents = 0;
const largestDocument = 16 * 1024 * 1024;
const deepestDocument = 100;

/**
 * One collection: its documents by record id (the order in which they came), and its indexes.
 * What writes must run inside a transaction of the table.
 */
export class Collection {
  private nextRecordId: number;

  constructor(
    private readonly table: Table,
    readonly namespace: string,
    readonly id: number,
    public indexes: IndexDefinition[],
    /** Writes down that an index has become multikey. */
    private readonly changed: (collection: Collection) => void,
  ) {
    this.nextRecordId = this.lastRecordId() + 1;
  }

  get(recordId: number): Stored | null {
    const bytes = this.table.get(recordKey(this.id, recordId));
    return bytes ? { recordId, bytes, doc: decodeStored(bytes) } : null;
  }

  /** All documents, in the order in which they came. */
  *scan(reverse = false): Generator<Stored> {
    const start = tableKey(this.id, documents);
    for (const { key, value } of this.table.range(start, prefixEnd(start), reverse))
      yield { recordId: recordIdOf(key), bytes: value, doc: decodeStored(value) };
  }

  /** Record ids under the keys of an index between two bounds, in index order. */
  *scanIndex(
    index: IndexDefinition,
    from: Buffer,
    to: Buffer,
    reverse: boolean,
    expected?: number,
  ): Generator<number> {
    const base = tableKey(this.id, index.number);
    const [start, end] = [Buffer.concat([base, from]), Buffer.concat([base, to])];
    for (const key of this.table.keys(start, end, reverse, expected)) yield recordIdOf(key);
  }

  /** How many documents there are, and their bytes. */
  *sizes(): Generator<number> {
    const start = tableKey(this.id, documents);
    for (const { value } of this.table.range(start, prefixEnd(start), false)) yield value.length;
  }

  /** How many keys an index holds. */
  countKeys(index: IndexDefinition): number {
    const base = tableKey(this.id, index.number);
    let count = 0;
    for (const _key of this.table.keys(base, prefixEnd(base), false)) count++;
    return count;
  }

  insert(doc: Doc): Stored {
    const bytes = encoded(doc);
    const recordId = this.nextRecordId++;
    this.index(doc, recordId);
    this.table.put(recordKey(this.id, recordId), bytes);
    return { recordId, doc, bytes };
  }

  replace(stored: Stored, doc: Doc): void {
    const bytes = encoded(doc);
    this.unindex(stored);
    try {
      this.index(doc, stored.recordId);
    } catch (error) {
      this.index(stored.doc, stored.recordId);
      throw error;
    }
    this.table.put(recordKey(this.id, stored.recordId), bytes);
  }

  remove(stored: Stored): void {
    this.unindex(stored);
    this.table.remove(recordKey(this.id, stored.recordId));
  }

  /** Fills a new index. @throws StoreError 11000 when a unique one cannot be. */
  build(index: IndexDefinition): void {
    for (const { doc, recordId } of this.scan()) this.addKeys(index, doc, recordId);
  }

  clearIndex(index: IndexDefinition): void {
    this.table.removeRange(tableKey(this.id, index.number));
  }

  clear(): void {
    for (const number of [documents, ...this.indexes.map((index) => index.number)])
      this.table.removeRange(tableKey(this.id, number));
  }

  private index(doc: Doc, recordId: number): void {
    const added: IndexDefinition[] = [];
    try {
      for (const index of this.indexes) {
        this.addKeys(index, doc, recordId);
        added.push(index);
      }
    } catch (error) {
      for (const index of added) this.removeKeys(index, doc, recordId);
      throw error;
    }
  }

  private unindex({ doc, recordId }: Stored): void {
    for (const index of this.indexes) this.removeKeys(index, doc, recordId);
  }

  private addKeys(index: IndexDefinition, doc: Doc, recordId: number): void {
    const keys = keysOf(index, doc);
    if (keys.length > 1 && !index.isMultikey) {
      index.isMultikey = true;
      this.changed(this);
    }
    if (index.isUnique) for (const key of keys) this.requireFree(index, key, doc, recordId);
    for (const key of keys) this.table.put(this.entry(index, key, recordId), Buffer.alloc(0));
  }

  private removeKeys(index: IndexDefinition, doc: Doc, recordId: number): void {
    for (const key of keysOf(index, doc)) this.table.remove(this.entry(index, key, recordId));
  }

  private requireFree(index: IndexDefinition, key: Buffer, doc: Doc, recordId: number): void {
    for (const other of this.scanIndex(index, key, prefixEnd(key), false, 2)) {
      if (other === recordId) continue;
      throw duplicateKey(this.namespace, index, doc);
    }
  }

  private entry(index: IndexDefinition, key: Buffer, recordId: number): Buffer {
    return Buffer.concat([tableKey(this.id, index.number), key, recordSuffix(recordId)]);
  }

  private lastRecordId(): number {
    const start = tableKey(this.id, documents);
    for (const key of this.table.keys(start, prefixEnd(start), true)) return recordIdOf(key);
    return 0;
  }
}

/** @throws StoreError for a document that is too large or too deep to keep. */
function encoded(doc: Doc): Buffer {
  requireDepth(doc, 1);
  const bytes = encode(doc);
  if (bytes.length > largestDocument)
    throw new StoreError(10334, `The document has ${bytes.length} bytes and is larger than 16 MB`);
  return bytes;
}

function requireDepth(value: Value, depth: number): void {
  if (!(value instanceof Map) && !Array.isArray(value)) return;
  if (depth > deepestDocument)
    throw new StoreError(15, `The document is nested deeper than ${deepestDocument} levels`);
  for (const item of value.values()) requireDepth(item, depth + 1);
}

function duplicateKey(namespace: string, index: IndexDefinition, doc: Doc): StoreError {
  const at = (path: string) =>
    path
      .split('.')
      .reduce<Value | undefined>((value, key) => (value instanceof Map ? value.get(key) : undefined), doc) ??
    null;
  const keyValue = new Map<string, Value>(index.fields.map(({ path }) => [path, at(path)]));
  const shown = index.fields.map(({ path }) => `${path}: ${JSON.stringify(String(at(path)))}`).join(', ');
  return new StoreError(
    11000,
    `E11000 duplicate key error collection: ${namespace} index: ${index.name} dup key: { ${shown} }`,
    {
      keyPattern: index.spec.get('key'),
      keyValue,
    },
  );
}
