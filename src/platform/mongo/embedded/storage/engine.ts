import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { decode } from '../bson/decode';
import { encode } from '../bson/encode';
import type { Doc, Value } from '../bson/value';
import { StoreError } from '../error';
import { readEntry, writeEntry } from './catalogue';
import { Collection } from './collection';
import { IndexBuild } from './index-build';
import { defineIndex, type IndexDefinition } from './index-definition';
import type { Pulse } from './slices';
import { prefixEnd, Table, tableKey } from './table';

/** Where the catalogue keeps a collection: `[0][0][collection id]`. */
const catalogue = tableKey(0, 0);
/** The largest document, its index entries and the pages above them. */
const roomOfOneWrite = 32 * 1024 * 1024;
const idIndexSpec = (): Doc =>
  new Map<string, Value>([
    ['key', new Map([['_id', 1]])],
    ['name', '_id_'],
    ['unique', true],
  ]);

/** The store's files and its catalogue of collections and indexes. */
export class Engine {
  private readonly root: RootDatabase<Buffer, Buffer>;
  readonly table: Table;
  private readonly byNamespace = new Map<string, Collection>();
  /** Collections that are being made or removed, by their id. */
  private readonly nameless = new Map<number, Collection>();
  private readonly builds = new Map<string, IndexBuild>();
  private nextId = 1;
  /** Since it was read: what is in memory may then be more than what is left when something is undone. */
  private isCatalogueTouched = false;

  private readonly file: string;

  constructor(private readonly folder: string) {
    this.file = join(folder, 'store.lmdb');
    // Without overlapping, a commit is a commit on disk.
    this.root = open<Buffer, Buffer>({
      path: this.file,
      keyEncoding: 'binary',
      encoding: 'binary',
      overlappingSync: false,
      // Its own batches begin with a promise that nobody can catch, and so end the process when the disk is full.
      eventTurnBatching: false,
      maxReaders: 512,
    });
    this.table = new Table(this.root, {
      stepUndone: () => {
        this.forgetLastKeys();
        if (this.isCatalogueTouched) this.loadAll();
      },
      commitFailed: (cause) => {
        this.forgetLastKeys();
        this.loadAll();
        return this.isDiskFull() ? new Error('no space left', { cause }) : cause;
      },
    });
    this.loadAll();
  }

  /** Also after something was undone: what it made known is not there. Ids are not given again, for a cursor may still hold one. */
  private loadAll(): void {
    this.isCatalogueTouched = false;
    this.byNamespace.clear();
    this.nameless.clear();
    for (const { value } of this.table.range(catalogue, prefixEnd(catalogue), false))
      this.load(decode(value));
  }

  /** What was removed is there again, and may stand behind them. */
  private forgetLastKeys(): void {
    for (const { indexes } of [...this.byNamespace.values(), ...this.nameless.values()])
      for (const index of indexes) index.last = null;
    for (const { index } of this.builds.values()) index.last = null;
  }

  get(namespace: string): Collection | null {
    return this.byNamespace.get(namespace) ?? null;
  }

  list(database: string): Collection[] {
    return [...this.byNamespace.values()].filter(({ namespace }) => namespace.startsWith(`${database}.`));
  }

  databases(): string[] {
    return [
      ...new Set([...this.byNamespace.keys()].map((namespace) => namespace.slice(0, namespace.indexOf('.')))),
    ].sort();
  }

  /** Inside a transaction: the collection, made when it is not there. */
  ensure(namespace: string): Collection {
    const known = this.byNamespace.get(namespace);
    if (known) return known;
    requireName(namespace);
    const collection = this.open(namespace, this.nextId++, [defineIndex(1, idIndexSpec())]);
    this.byNamespace.set(namespace, collection);
    this.save(collection);
    return collection;
  }

  /** A collection that nobody finds before it is published, with the indexes of the one whose place it will take. */
  make(namespace: string): Collection {
    const specs = this.get(namespace)?.indexes.map(({ spec }) => spec) ?? [idIndexSpec()];
    const indexes = specs.map((spec, at) => defineIndex(at + 1, spec));
    const collection = this.open(namespace, this.nextId++, indexes);
    this.nameless.set(collection.id, collection);
    this.save(collection);
    return collection;
  }

  /** One that is being made. @throws RangeError when it is no more. */
  inMaking(id: number): Collection {
    const collection = this.nameless.get(id);
    if (!collection) throw new RangeError(`no collection ${id} is being made`);
    return collection;
  }

  /** At once, in the place of the one that had its name. */
  publish(id: number): void {
    const collection = this.inMaking(id);
    const before = this.get(collection.namespace);
    if (before) this.drop(before);
    this.nameless.delete(id);
    this.byNamespace.set(collection.namespace, collection);
    this.save(collection);
  }

  /** Nobody finds it any more. What it holds is removed by `clearing`. */
  drop(collection: Collection): void {
    this.byNamespace.delete(collection.namespace);
    this.nameless.set(collection.id, collection);
    this.save(collection);
  }

  /** In parts: what a dropped collection holds, or the keys of the dropped indexes of another. */
  *clearing(id: number): Generator<Pulse, void> {
    const found = (): Collection | undefined =>
      this.nameless.get(id) ?? [...this.byNamespace.values()].find((one) => one.id === id);
    for (const number of found()?.gone ?? []) {
      yield* found()?.clear(number) ?? [];
      const collection = found();
      if (!collection) return;
      collection.gone = collection.gone.filter((one) => one !== number);
      this.save(collection);
    }
    const dropped = this.nameless.get(id);
    if (!dropped) return;
    for (const { number } of [...dropped.indexes, ...dropped.builds.map(({ index }) => index)])
      yield* dropped.clear(number);
    yield* dropped.clear();
    this.isCatalogueTouched = true;
    this.nameless.delete(id);
    this.table.remove(catalogueKey(id));
  }

  /** Collections of which a process that has ended left something that is no more. */
  leftovers(): number[] {
    const all = [...this.byNamespace.values()].filter(({ gone }) => gone.length > 0);
    return [...this.nameless.keys(), ...all.map(({ id }) => id)];
  }

  /** A new index, which those who write keep from now on and nobody reads. */
  beginBuild(collection: Collection, spec: Doc): IndexBuild {
    const numbers = [...collection.indexes, ...collection.builds.map(({ index }) => index)];
    const number = Math.max(...numbers.map((index) => index.number), ...collection.gone) + 1;
    const build = new IndexBuild(defineIndex(number, spec));
    this.builds.set(buildKey(collection.id, number), build);
    collection.builds = [...collection.builds, build];
    this.save(collection);
    return build;
  }

  /** It is an index now. @throws StoreError when it cannot be. */
  endBuild(collection: Collection, build: IndexBuild): void {
    collection.requireWhole(build);
    collection.builds = collection.builds.filter((one) => one !== build);
    collection.indexes = [...collection.indexes, build.index];
    this.save(collection);
  }

  /** No longer known, whether or not the step that ended it is undone. */
  forgetBuild(collectionId: number, { index }: IndexBuild): void {
    this.builds.delete(buildKey(collectionId, index.number));
  }

  /** It will be no index. Its keys are removed by `clearing`. */
  giveUpBuild(collection: Collection, build: IndexBuild): void {
    collection.builds = collection.builds.filter((one) => one !== build);
    collection.gone = [...collection.gone, build.index.number];
    this.save(collection);
  }

  /** Its keys are removed by `clearing`. */
  dropIndex(collection: Collection, index: IndexDefinition): void {
    collection.indexes = collection.indexes.filter((one) => one !== index);
    collection.gone = [...collection.gone, index.number];
    this.save(collection);
  }

  /** LMDB calls a write that the disk took only in part an "Input/output error". */
  private isDiskFull(): boolean {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize < roomOfOneWrite;
  }

  /** The size of the store's file. */
  bytesOnDisk(): number {
    return statSync(this.file).size;
  }

  close(): Promise<void> {
    return this.table.close();
  }

  private open(
    namespace: string,
    id: number,
    indexes: IndexDefinition[],
    { builds = [], gone = [] }: { builds?: IndexBuild[]; gone?: number[] } = {},
  ): Collection {
    const name = namespace.slice(namespace.indexOf('.') + 1);
    if (!name || name.includes('$') || name.includes('\0'))
      throw new StoreError(73, `Invalid collection name: ${name}`);
    return new Collection(this.table, namespace, id, indexes, (one) => this.save(one), builds, gone);
  }

  private save(collection: Collection): void {
    this.isCatalogueTouched = true;
    const entry = writeEntry(collection, this.nameless.has(collection.id));
    this.table.put(catalogueKey(collection.id), encode(entry));
  }

  private load(doc: Doc): void {
    const { id, namespace, isNameless, indexes, builds, gone } = readEntry(doc);
    // Without the process that began it nobody will end it.
    const [going, left] = [[] as IndexBuild[], [...gone]];
    for (const { number } of builds) {
      const build = this.builds.get(buildKey(id, number));
      if (build) going.push(build);
      else left.push(number);
    }
    const collection = this.open(namespace, id, indexes, { builds: going, gone: left });
    if (isNameless) this.nameless.set(id, collection);
    else this.byNamespace.set(namespace, collection);
    this.nextId = Math.max(this.nextId, id + 1);
  }
}

const longestName = 255;

function requireName(namespace: string): void {
  if (Buffer.byteLength(namespace) > longestName)
    throw new StoreError(
      73,
      `Fully qualified namespace is too long. Namespace: ${namespace} Max: ${longestName}`,
    );
  if (namespace.slice(namespace.indexOf('.') + 1).startsWith('system.'))
    throw new StoreError(73, `Invalid system namespace: ${namespace}`);
}

const buildKey = (collectionId: number, indexNumber: number): string => `${collectionId}/${indexNumber}`;
const catalogueKey = (id: number): Buffer => Buffer.concat([catalogue, tableKey(id, 0)]);
