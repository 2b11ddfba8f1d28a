import { BSON, Decimal128, Double, Int32, Long, ObjectId } from 'bson';
import { MongoClient, type Db } from 'mongodb';
import { createReadStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { exactText, readArchive, writeArchive } from '../../../../src/platform/mongo/archive';
import { closeStore, freshDatabaseUrl } from '../../../support/store';

const clients: MongoClient[] = [];
async function database(): Promise<Db> {
  const client = await MongoClient.connect(await freshDatabaseUrl());
  clients.push(client);
  return client.db();
}
afterAll(async () => {
  for (const client of clients) {
    await client.db().dropDatabase();
    await client.close();
  }
  await closeStore();
});

async function filled(): Promise<Db> {
  const db = await database();
  await db
    .collection('a')
    .createIndex({ key: 1 }, { unique: true, partialFilterExpression: { isOpen: true } });
  await db
    .collection('a')
    .insertMany(
      Array.from({ length: 1_200 }, (_unused, at) => ({ _id: at as never, key: `k${at}`, at: new Date(at) })),
    );
  await db.collection('b').insertOne({
    _id: new ObjectId(),
    int: new Int32(1),
    double: new Double(1),
    long: Long.fromNumber(1),
    decimal: Decimal128.fromString('1.0'),
    nested: { b: 1, a: [null, { c: /x/i }] },
  });
  return db;
}

async function archiveOf(db: Db): Promise<Buffer> {
  const target = new PassThrough();
  const bytes = buffer(target);
  await writeArchive(db, target);
  return bytes;
}

const reading = (bytes: Buffer) => () => Readable.from([bytes]);

const contentOf = async (db: Db) => {
  const exact = { promoteValues: false, promoteLongs: false, bsonRegExp: true } as const;
  const names = (await db.listCollections().toArray()).map(({ name }) => name).sort();
  return Promise.all(
    names.map(async (name) => ({
      name,
      documents: (await db.collection(name).find({}, exact).sort({ _id: 1 }).toArray()).map(exactText),
      indexes: (await db.collection(name).listIndexes().toArray()).map(
        ({ key, unique, partialFilterExpression }) => ({ key, unique, partialFilterExpression }),
      ),
    })),
  );
};

test('what is restored is what was backed up: documents, types, order of fields, indexes', async () => {
  const [from, to] = [await filled(), await database()];
  const counts = await readArchive(to, reading(await archiveOf(from)));
  expect(counts).toEqual({ collections: 2, documents: 1_201 });
  expect(await contentOf(to)).toEqual(await contentOf(from));
});

test('a backup while documents are written has every one that was there before', async () => {
  const [from, to] = [await filled(), await database()];
  let isRunning = true;
  const writing = (async () => {
    for (let at = 5_000; isRunning; at++)
      await from.collection('a').insertOne({ _id: at as never, key: `k${at}` });
  })();
  const bytes = await archiveOf(from);
  isRunning = false;
  await writing;
  await readArchive(to, reading(bytes));
  expect(await to.collection('a').countDocuments({ _id: { $lt: 5_000 as never } })).toBe(1_200);
});

test('a database that is not empty is not restored into', async () => {
  const from = await filled();
  await expect(readArchive(from, reading(await archiveOf(from)))).rejects.toThrow('is not empty');
});

test('an archive that is cut off or damaged, and a file that is none, are refused and leave nothing', async () => {
  const [bytes, to] = [await archiveOf(await filled()), await database()];
  const damaged = Buffer.from(bytes);
  const middle = Math.floor(bytes.length / 2);
  damaged.fill(0xff, middle, middle + 64);
  const [cut, none] = ['The archive is cut off.', 'This file is no archive of Parley, or it is damaged.'];
  const refused: [Buffer, string][] = [
    [bytes.subarray(0, bytes.length - 9), cut],
    [Buffer.alloc(0), cut],
    [damaged, none],
    [Buffer.from('hello'), none],
    [gzipSync(BSON.serialize({ kind: 'hello' })), none],
  ];
  for (const [file, problem] of refused)
    await expect(readArchive(to, reading(file))).rejects.toThrow(problem);
  await expect(readArchive(to, () => createReadStream('/no/such/file'))).rejects.toThrow('ENOENT');
  expect(await to.listCollections().toArray()).toEqual([]);
  await readArchive(to, reading(bytes));
});
