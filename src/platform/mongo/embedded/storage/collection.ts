import { decodeStored } from '../bson/decode';
import { changedFields } from '../bson/changed-fields';
import type { Doc, Value } from '../bson/value';
import { StoreError } from '../error';
import type { IndexBuild } from './index-build';
import { arrayPaths, keysOf, type IndexDefinition } from './index-definition';
import type { Pulse } from './slices';
import { storedBytes } from './stored-bytes';
import { indexKey, prefixEnd, recordIdOf, recordKey, tableKey, type Read, type Table } from './table';

export interface Stored {
  recordId: number;
  doc: Doc;
  bytes: Buffer;
}

const documents = 0;
const nothing = Buffer.alloc(0);

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
    /** Writes down what an index has become: multikey, or without all of its values. */
    private readonly changed: (collection: Collection) => void,
    /** Indexes that are being filled. */
    public builds: IndexBuild[] = [],
    /** The numbers of indexes that are no more, and whose keys are being removed. */
    public gone: number[] = [],
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

  /** Some fields of a document. */
  excerpt(recordId: number, read: Read<Doc>): Doc | null {
    return this.table.reading(recordKey(this.id, recordId), read) ?? null;
  }

  /** Some fields of all documents, in parts, in the order in which they came. */
  *excerpts(read: Read<Doc>): Generator<Doc[]> {
    const start = tableKey(this.id, documents);
    yield* this.table.readings(start, prefixEnd(start), read);
  }

  /** So many documents behind one. */
  following(recordId: number, most: number): Stored[] {
    const found: Stored[] = [];
    const end = prefixEnd(tableKey(this.id, documents));
    for (const { key, value } of this.table.range(recordKey(this.id, recordId + 1), end, false)) {
      found.push({ recordId: recordIdOf(key), bytes: value, doc: decodeStored(value) });
      if (found.length >= most) break;
    }
    return found;
  }

  /** Record ids under the keys of an index between two bounds, in index order. */
  *scanIndex(
    index: IndexDefinition,
    from: Buffer,
    to: Buffer,
    reverse: boolean,
    expected?: number,
  ): Generator<number> {
    for (const entry of this.scanEntries(index, from, to, reverse, expected)) yield recordIdOf(entry);
  }

  /** The same as entries: a key, and after it the record id. */
  *scanEntries(
    index: IndexDefinition,
    from: Buffer,
    to: Buffer,
    reverse: boolean,
    expected?: number,
  ): Generator<Buffer> {
    const base = tableKey(this.id, index.number);
    const [start, end] = [Buffer.concat([base, from]), Buffer.concat([base, to])];
    for (const key of this.table.keys(start, end, reverse, expected)) yield key.subarray(base.length);
  }

  /** How many documents there are, and their bytes. */
  *sizes(): Generator<number> {
    const start = tableKey(this.id, documents);
    for (const { value } of this.table.range(start, prefixEnd(start), false)) yield value.length;
  }

  /** How many keys an index holds between two bounds, up to `most`, in parts. */
  *countKeys(index: IndexDefinition, from: Buffer, to: Buffer, most = Infinity): Generator<number> {
    const base = tableKey(this.id, index.number);
    yield* this.table.counts(Buffer.concat([base, from]), Buffer.concat([base, to]), most);
  }

  insert(doc: Doc): Stored {
    const bytes = storedBytes(doc);
    const recordId = this.nextRecordId++;
    const added = this.indexes.map((index) => this.keysToAdd(index, doc, recordId));
    for (const keys of added) this.addKeys(keys, recordId);
    for (const build of this.builds) this.addToBuild(build, doc, recordId);
    this.table.put(recordKey(this.id, recordId), bytes);
    return { recordId, doc, bytes };
  }

  /** False when the document stays as it is. Only the indexes of fields that change are touched. */
  replace({ recordId, doc: old, bytes: oldBytes }: Stored, doc: Doc): boolean {
    const bytes = storedBytes(doc);
    if (bytes.equals(oldBytes)) return false;
    const fields = changedFields(oldBytes, bytes);
    const touched = this.indexes.filter((index) => index.readsAnyOf(fields));
    const changes = touched.map((index) => {
      const before = keysOf(index, old);
      return { index, before, after: this.keysToAdd(index, doc, recordId, before) };
    });
    for (const { index, before, after } of changes) {
      this.removeKeys(index, without(before, after.whole), recordId);
      this.addKeys(after, recordId);
    }
    for (const build of this.builds) {
      this.removeKeys(build.index, build.keysToRemove(old), recordId);
      this.addToBuild(build, doc, recordId);
    }
    this.table.put(recordKey(this.id, recordId), bytes);
    return true;
  }

  remove({ recordId, doc }: Stored): void {
    for (const index of this.indexes) this.removeKeys(index, keysOf(index, doc), recordId);
    for (const build of this.builds) this.removeKeys(build.index, build.keysToRemove(doc), recordId);
    this.table.remove(recordKey(this.id, recordId));
  }

  /** Puts a document into a new index. @throws StoreError 11000 when a unique one cannot be. */
  fill({ index }: IndexBuild, { doc, recordId }: Stored): void {
    this.addKeys(this.keysToAdd(index, doc, recordId), recordId);
  }

  /** @throws StoreError where what was written meanwhile cannot stand in the index. */
  requireWhole({ index, failure, doubted }: IndexBuild): void {
    if (failure) throw failure;
    for (const key of doubted.values()) {
      const [first, second] = this.scanIndex(index, key, prefixEnd(key), false, 2);
      const stored = second === undefined || first === undefined ? null : this.get(first);
      if (stored) throw duplicateKey(this.namespace, index, stored.doc);
    }
  }

  /** Removes, in parts, the keys of an index, or the documents. */
  *clear(number: number = documents): Generator<Pulse, void> {
    yield* this.table.removeRange(tableKey(this.id, number));
  }

  private addToBuild(build: IndexBuild, doc: Doc, recordId: number): void {
    const { index, doubted } = build;
    let isShortened = false;
    const whole = build.keysOf(doc, () => (isShortened = true));
    if (index.isUnique)
      for (const key of whole)
        if (this.isTaken(index, key, recordId)) doubted.set(key.toString('latin1'), key);
    this.addKeys({ index, whole, added: whole, arrays: arraysOf(index, whole, doc), isShortened }, recordId);
  }

  /** The keys that a document needs and does not have yet. @throws StoreError 11000 before anything is written. */
  private keysToAdd(index: IndexDefinition, doc: Doc, recordId: number, known: Buffer[] = []): IndexKeys {
    let isShortened = false;
    const whole = keysOf(index, doc, () => (isShortened = true));
    const added = without(whole, known);
    if (index.isUnique)
      for (const key of added)
        if (this.isTaken(index, key, recordId)) throw duplicateKey(this.namespace, index, doc);
    return { index, whole, added, arrays: arraysOf(index, whole, doc), isShortened };
  }

  private addKeys({ index, arrays, added, isShortened }: IndexKeys, recordId: number): void {
    if (arrays.some((path) => !index.multikeyPaths.has(path)) || (isShortened && !index.isShortened)) {
      for (const path of arrays) index.multikeyPaths.add(path);
      index.isShortened ||= isShortened;
      this.changed(this);
    }
    for (const key of added) {
      const entry = indexKey(this.id, index.number, key, recordId);
      this.table.put(entry, nothing);
      if (index.last && entry.compare(index.last) > 0) index.last = entry;
    }
  }

  private removeKeys(index: IndexDefinition, keys: Buffer[], recordId: number): void {
    for (const key of keys) this.table.remove(indexKey(this.id, index.number, key, recordId));
  }

  /** By another document. What comes behind all others, as new ids do, need not be looked up. */
  private isTaken(index: IndexDefinition, key: Buffer, recordId: number): boolean {
    const base = tableKey(this.id, index.number);
    index.last ??= this.table.firstKeys(base, prefixEnd(base), { reverse: true, most: 1 })[0] ?? base;
    if (key.compare(index.last, base.length) > 0) return false;
    const from = Buffer.concat([base, key]);
    const found = this.table.firstKeys(from, prefixEnd(from), { reverse: false, most: 2 });
    return found.some((entry) => recordIdOf(entry) !== recordId);
  }

  private lastRecordId(): number {
    const start = tableKey(this.id, documents);
    for (const key of this.table.keys(start, prefixEnd(start), true)) return recordIdOf(key);
    return 0;
  }
}

/** The keys of one document in one index, and those of them that are not there yet. */
interface IndexKeys {
  index: IndexDefinition;
  whole: Buffer[];
  added: Buffer[];
  /** The fields by which there are several. */
  arrays: string[];
  isShortened: boolean;
}

const arraysOf = (index: IndexDefinition, keys: Buffer[], doc: Doc): string[] =>
  keys.length > 1 ? arrayPaths(index, doc) : [];

const without = (keys: Buffer[], others: Buffer[]): Buffer[] =>
  others.length === 0 ? keys : keys.filter((key) => !others.some((other) => other.equals(key)));

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
