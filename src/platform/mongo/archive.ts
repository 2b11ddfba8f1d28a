import { BSON, EJSON, type Document } from 'bson';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import type { Db } from 'mongodb';

/**
 * An archive is a row of BSON documents, compressed: one that says what it is, then for each collection its name and
 * indexes and its documents, and at the end how many there are: an archive without it was cut off.
 */
const format = 1;
type Part =
  | { kind: 'archive'; format: number; database: string; at: Date }
  | { kind: 'collection'; name: string; indexes: Document[] }
  | { kind: 'document'; document: Document }
  | { kind: 'end'; documents: number };

export interface ArchiveCounts {
  collections: number;
  documents: number;
}

const exact = { promoteValues: false, promoteLongs: false, bsonRegExp: true } as const;
const insertedAtOnce = 500;
/** Messages end at 48 MB. */
const insertedBytes = 12 * 1024 * 1024;

/**
 * Writes everything of a database, while it is in use. Each document is whole; one that is written meanwhile is in
 * the archive as it was or as it is.
 */
export async function writeArchive(db: Db, target: Writable): Promise<ArchiveCounts> {
  const counts = { collections: 0, documents: 0 };
  const zip = createGzip();
  const written = pipeline(zip, target);
  written.catch(() => zip.destroy());
  const put = async (part: Part) => {
    if (!zip.write(BSON.serialize(part, { ignoreUndefined: false }))) await once(zip, 'drain');
  };
  await put({ kind: 'archive', format, database: db.databaseName, at: new Date() });
  for (const { name, type } of await db.listCollections().toArray()) {
    if (type !== 'collection' || name.startsWith('system.')) continue;
    counts.collections++;
    await put({ kind: 'collection', name, indexes: await db.collection(name).listIndexes().toArray() });
    for await (const document of db.collection(name).find({}, exact)) {
      counts.documents++;
      await put({ kind: 'document', document });
    }
  }
  await put({ kind: 'end', documents: counts.documents });
  zip.end();
  await written;
  return counts;
}

/**
 * Fills an empty database. `open` is asked twice: the archive is read to its end before anything is written.
 * @throws when the database is not empty, or when the archive is none, damaged or cut off; nothing is written then.
 */
export async function readArchive(db: Db, open: () => Readable): Promise<ArchiveCounts> {
  const existing = await db.listCollections({}, { nameOnly: true }).toArray();
  for (const { name } of existing)
    if (await db.collection(name).findOne())
      throw new Error(`The database ${db.databaseName} is not empty (${name}): restore into an empty one.`);
  const counts = await countArchive(open());
  const writer = new BatchWriter(db);
  for await (const part of parts(open())) {
    if (part.kind === 'collection') await writer.begin(part.name, part.indexes);
    else if (part.kind === 'document') await writer.add(part.document);
  }
  await writer.flush();
  return counts;
}

async function countArchive(source: Readable): Promise<ArchiveCounts> {
  const counts = { collections: 0, documents: 0 };
  let isWhole = false;
  for await (const part of parts(source)) {
    if (part.kind === 'collection') counts.collections++;
    else if (part.kind === 'document') counts.documents++;
    else if (part.kind === 'end') isWhole = Number(part.documents) === counts.documents;
    else if (Number(part.format) !== format)
      throw new Error(`This archive has format ${part.format}; this version reads ${format}.`);
  }
  if (!isWhole) throw new Error(cutOff);
  return counts;
}

const cutOff = 'The archive is cut off.';
const noArchive = 'This file is no archive of Parley, or it is damaged.';

class BatchWriter {
  private name = '';
  private batch: Document[] = [];
  private bytes = 0;
  constructor(private readonly db: Db) {}

  async begin(name: string, indexes: Document[]): Promise<void> {
    await this.flush();
    this.name = name;
    const own = indexes.filter((index) => index['name'] !== '_id_');
    await this.db.createCollection(name).catch(ifThere);
    if (own.length > 0)
      await this.db.command({ createIndexes: name, indexes: own.map(({ ns: _ns, ...index }) => index) });
  }

  async add(document: Document): Promise<void> {
    this.batch.push(document);
    this.bytes += BSON.calculateObjectSize(document);
    if (this.batch.length >= insertedAtOnce || this.bytes > insertedBytes) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.batch.length > 0) await this.db.collection(this.name).insertMany(this.batch, { ordered: true });
    this.batch = [];
    this.bytes = 0;
  }
}

function ifThere(error: { code?: number }): void {
  if (error.code !== 48) throw error;
}

const largestPart = 17 * 1024 * 1024;

async function* parts(source: Readable): AsyncGenerator<Part> {
  const unzip = createGunzip();
  source.once('error', (error) => unzip.destroy(error));
  let waiting: Buffer = Buffer.alloc(0);
  let isFirst = true;
  try {
    for await (const chunk of source.pipe(unzip) as AsyncIterable<Buffer>) {
      waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
      while (waiting.length >= 4 && waiting.length >= waiting.readInt32LE(0)) {
        const length = waiting.readInt32LE(0);
        if (length < 5 || length > largestPart) throw new Error(noArchive);
        const part = BSON.deserialize(waiting.subarray(0, length), exact) as Part;
        if (isFirst && part.kind !== 'archive') throw new Error(noArchive);
        isFirst = false;
        waiting = waiting.subarray(length);
        yield part;
      }
    }
  } catch (error) {
    throw archiveProblem(error);
  }
}

function archiveProblem(error: unknown): unknown {
  const { code, name } = error as { code?: string; name?: string };
  if (code === 'Z_BUF_ERROR') return new Error(cutOff, { cause: error });
  if (code?.startsWith('Z_') || name === 'BSONError') return new Error(noArchive, { cause: error });
  return error;
}

/** A document as text in which types and order count: what a comparison of two stores compares. */
export const exactText = (document: Document): string => EJSON.stringify(document, { relaxed: false });
