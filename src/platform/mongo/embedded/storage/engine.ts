import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { decode } from '../bson/decode';
import { encode } from '../bson/encode';
import type { Doc, Value } from '../bson/value';
import { StoreError } from '../error';
import { Collection } from './collection';
import { defineIndex, type IndexDefinition } from './index-definition';
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
        if (this.isCatalogueTouched) this.loadAll();
      },
      commitFailed: (cause) => {
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
    for (const { value } of this.table.range(catalogue, prefixEnd(catalogue), false))
      this.load(decode(value));
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
    const name = namespace.slice(namespace.indexOf('.') + 1);
    if (!name || name.includes('$') || name.includes('\0'))
      throw new StoreError(73, `Invalid collection name: ${name}`);
    const collection = this.open(namespace, this.nextId++, [defineIndex(1, idIndexSpec())]);
    this.byNamespace.set(namespace, collection);
    this.save(collection);
    return collection;
  }

  drop(collection: Collection): void {
    this.isCatalogueTouched = true;
    collection.clear();
    this.byNamespace.delete(collection.namespace);
    this.table.remove(catalogueKey(collection.id));
  }

  addIndex(collection: Collection, spec: Doc): void {
    const number = Math.max(...collection.indexes.map((index) => index.number)) + 1;
    const index = defineIndex(number, spec);
    try {
      collection.build(index);
    } catch (error) {
      collection.clearIndex(index);
      throw error;
    }
    collection.indexes = [...collection.indexes, index];
    this.save(collection);
  }

  dropIndex(collection: Collection, index: IndexDefinition): void {
    collection.clearIndex(index);
    collection.indexes = collection.indexes.filter((one) => one !== index);
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

  private open(namespace: string, id: number, indexes: IndexDefinition[]): Collection {
    return new Collection(this.table, namespace, id, indexes, (collection) => this.save(collection));
  }

  private save({ id, namespace, indexes }: Collection): void {
    this.isCatalogueTouched = true;
    const list = indexes.map(
      ({ number, spec, multikeyPaths, isShortened }) =>
        new Map<string, Value>([
          ['number', number],
          ['spec', spec],
          ['multikeyPaths', [...multikeyPaths]],
          ['isShortened', isShortened],
        ]),
    );
    this.table.put(
      catalogueKey(id),
      encode(
        new Map<string, Value>([
          ['id', id],
          ['namespace', namespace],
          ['indexes', list],
        ]),
      ),
    );
  }

  private load(entry: Doc): void {
    const id = entry.get('id') as number;
    const namespace = entry.get('namespace') as string;
    const indexes = (entry.get('indexes') as Doc[]).map((one) =>
      defineIndex(one.get('number') as number, one.get('spec') as Doc, {
        multikeyPaths: multikeyPathsOf(one),
        isShortened: one.get('isShortened') === true,
      }),
    );
    this.byNamespace.set(namespace, this.open(namespace, id, indexes));
    this.nextId = Math.max(this.nextId, id + 1);
  }
}

/** Earlier versions kept whether any field had been an array, and not which. */
function multikeyPathsOf(entry: Doc): Set<string> {
  const paths = entry.get('multikeyPaths') as string[] | undefined;
  if (paths) return new Set(paths);
  const key = (entry.get('spec') as Doc).get('key') as Doc;
  return new Set(entry.get('isMultikey') === false ? [] : key.keys());
}

const catalogueKey = (id: number): Buffer => Buffer.concat([catalogue, tableKey(id, 0)]);
