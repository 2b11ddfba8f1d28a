import fc from 'fast-check';
import { Decimal128, Int32, ObjectId } from 'bson';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { compare } from '../../../../src/platform/mongo/embedded/bson/compare';
import { decode } from '../../../../src/platform/mongo/embedded/bson/decode';
import { encode } from '../../../../src/platform/mongo/embedded/bson/encode';
import { keyPart } from '../../../../src/platform/mongo/embedded/bson/key';
import type { Doc, Value } from '../../../../src/platform/mongo/embedded/bson/value';
import { startEmbeddedStore } from '../../../../src/platform/mongo/embedded';
import { coveredCount } from '../../../../src/platform/mongo/embedded/commands/covered-count';
import { plainEnvironment } from '../../../../src/platform/mongo/embedded/query/environment';
import { findDocuments, type Query } from '../../../../src/platform/mongo/embedded/query/find';
import type { Collection } from '../../../../src/platform/mongo/embedded/storage/collection';
import { Engine } from '../../../../src/platform/mongo/embedded/storage/engine';
import { addIndex } from '../../../support/add-index';
import { keysOf } from '../../../../src/platform/mongo/embedded/storage/index-definition';
import { prefixEnd, tableKey } from '../../../../src/platform/mongo/embedded/storage/table';
import { compileUpdate, withId } from '../../../../src/platform/mongo/embedded/update/apply-update';

const number = fc.oneof(
  fc.double(),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((value) => new Int32(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n }), fc.integer({ min: -60, max: 60 }))
    .map(([digits, exponent]) => Decimal128.fromString(`${digits}E${exponent}`)),
  fc.constantFrom(
    0,
    -0,
    NaN,
    Infinity,
    -Infinity,
    0.1,
    2 ** 53,
    2n ** 53n + 1n,
    Decimal128.fromString('0.1'),
  ),
);
const scalar: fc.Arbitrary<Value> = fc.oneof(
  number,
  fc.string({ maxLength: 12, unit: 'binary' }).map((text) => Buffer.from(text, 'utf8').toString('utf8')),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
);
const { value } = fc.letrec<{ value: Value; doc: Doc }>((tie) => ({
  value: fc.oneof({ maxDepth: 2 }, scalar, fc.array(tie('value'), { maxLength: 3 }), tie('doc')),
  doc: fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'cc'), tie('value')), { maxLength: 3 })
    .map((entries) => new Map(entries)),
}));

test('the order of key bytes is the order of the values', () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [left, right] = [keyPart(a), keyPart(b)];
      // Beyond 500 bytes a key keeps a beginning and a hash, and documents are looked at again.
      fc.pre(left.length < 500 && right.length < 500);
      expect(Math.sign(Buffer.compare(left, right))).toBe(Math.sign(compare(a, b)));
      expect(Math.sign(Buffer.compare(keyPart(a, true), keyPart(b, true)))).toBe(
        -Math.sign(compare(a, b)) || 0,
      );
    }),
    { numRuns: 2_000 },
  );
});

test('what is decoded and encoded again has the same bytes', () => {
  fc.assert(
    fc.property(value, (one) => {
      const bytes = encode(new Map([['value', one]]));
      expect(encode(read(decode(bytes)) as Doc).equals(bytes)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

/** A document is read when it is gone through; one that is not is only copied. */
function read(one: Value): Value {
  if (Array.isArray(one)) return one.map(read);
  return one instanceof Map ? new Map([...one].map(([key, item]) => [key, read(item)])) : one;
}

test('bytes that are no document are an error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        decode(Buffer.from(bytes));
      } catch (error) {
        expect((error as Error).name).toBe('Error');
      }
    }),
    { numRuns: 2_000 },
  );
});

describe('with an engine', () => {
  let folder: string;
  let engine: Engine;
  let runs = 0;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-engine-'));
    engine = new Engine(folder);
  });
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const fresh = (specs: Doc[]): Collection => {
    const collection = engine.ensure(`test.c${++runs}`);
    specs.forEach((spec, at) =>
      addIndex(engine, collection, new Map<string, Value>([...spec, ['name', `i${at}`]])),
    );
    return collection;
  };
  const spec = (key: Record<string, number>, more: [string, Value][] = []): Doc =>
    new Map<string, Value>([['key', new Map(Object.entries(key))], ...more]);
  const query = (filter: Doc, sort: Query['sort'] = [], hint?: Value): Query => ({
    filter, sort, skip: 0, limit: 0, hint, environment: plainEnvironment,
  }); // prettier-ignore

  const small: fc.Arbitrary<Value> = fc.oneof(
    fc.constantFrom<Value>(null, NaN, 1, 2, 3, new Int32(2), 2n, 'x', true, Decimal128.fromString('2')),
    fc.array(fc.constantFrom<Value>(1, 2, 3, 'x', null), { maxLength: 3 }),
  );
  const item = fc
    .record({ d: small, f: fc.constantFrom<Value>(1, 2) })
    .map((fields): Value => new Map<string, Value>(Object.entries(fields)));
  const document = fc
    .record({
      a: fc.option(small, { nil: undefined }),
      b: fc.option(fc.constantFrom<Value>(1, 2, 'x', null), { nil: undefined }),
      c: fc.array(fc.oneof(item, fc.constantFrom<Value>('x', null, [])), { maxLength: 2 }),
      e: fc.constantFrom<Value>(1, 2, NaN, null),
    })
    .map(({ a, b, c, e }) => {
      const doc: Doc = new Map();
      if (a !== undefined) doc.set('a', a);
      if (b !== undefined) doc.set('b', b);
      doc.set('c', c);
      doc.set('e', e);
      return doc;
    });
  const operand = fc.constantFrom<Value>(null, 1, 2, 3, 'x', new Int32(2), 2.5, Decimal128.fromString('2'));
  const condition: fc.Arbitrary<Value> = fc.oneof(
    operand,
    fc
      .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$eq', '$ne'), operand)
      .map(([name, one]) => new Map([[name, one]])),
    fc.tuple(operand, operand).map(
      ([low, high]) =>
        new Map([
          ['$gte', low],
          ['$lt', high],
        ]),
    ),
    fc.array(operand, { maxLength: 3 }).map((list) => new Map<string, Value>([['$in', list]])),
    fc.array(operand, { minLength: 1, maxLength: 3 }).map((list) => new Map<string, Value>([['$all', list]])),
    fc.boolean().map((is) => new Map<string, Value>([['$exists', is]])),
  );
  const filter = fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'c.d', 'e'), condition), { maxLength: 3 })
    .map((entries) => new Map(entries));
  const sort = fc.constantFrom<Query['sort']>(
    [],
    [{ path: 'a', direction: 1 }],
    [{ path: 'b', direction: -1 }],
    [
      { path: 'b', direction: 1 },
      { path: 'a', direction: 1 },
    ],
    [{ path: 'c.d', direction: -1 }],
    [{ path: 'c.d', direction: 1 }],
    [{ path: 'c.f', direction: 1 }],
    [
      { path: 'b', direction: -1 },
      { path: 'e', direction: 1 },
    ],
    [{ path: 'e', direction: -1 }],
  );
  const indexes = [
    spec({ a: 1 }),
    spec({ b: -1, a: 1 }),
    spec({ 'c.d': 1, b: 1 }),
    spec({ b: 1 }, [['sparse', true]]),
    spec({ a: -1 }, [['partialFilterExpression', new Map([['b', 1]])]]),
    spec({ a: 1, b: -1, e: -1, _id: 1 }),
    spec({ 'c.d': 1, e: 1, _id: -1 }),
    spec({ 'c.d': 1, 'c.f': 1, _id: 1 }),
    spec({ 'c.d': 1, _id: 1 }),
    spec({ e: 1 }),
  ];

  const ids = (found: Iterable<{ recordId: number }>) => [...found].map(({ recordId }) => recordId);

  test('an indexed plan finds what a full scan finds, in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(document, { maxLength: 12 }), filter, sort, async (docs, wanted, order) => {
        await engine.table.transaction(() => {
          const collection = fresh(indexes);
          for (const doc of docs)
            try {
              collection.insert(withId(doc));
            } catch (error) {
              expect(error).toMatchObject({ code: 171 });
            }
          // A document with a place of its own makes every order total.
          const total = [...order, { path: '_id', direction: 1 as const }];
          for (const sorting of [order, total]) {
            let scanned: number[] | null;
            try {
              scanned = ids(findDocuments(collection, query(wanted, sorting, new Map([['$natural', 1]]))));
            } catch {
              scanned = null;
            }
            if (!scanned) continue;
            const planned = ids(findDocuments(collection, query(wanted, sorting)));
            expect([...planned].sort()).toEqual([...scanned].sort());
            if (sorting === total) expect(planned).toEqual(scanned);
            for (const at of indexes.keys()) {
              const hinted = ids(findDocuments(collection, query(wanted, sorting, `i${at}`)));
              expect([...hinted].sort()).toEqual([...scanned].sort());
              if (sorting === total) expect(hinted).toEqual(scanned);
            }
            if (sorting === total)
              expect(ids(findDocuments(collection, { ...query(wanted, total), limit: 2 }))).toEqual(
                scanned.slice(0, 2),
              );
            const covered = coveredCount(collection, query(wanted));
            if (covered) expect([...covered].reduce((sum, part) => sum + part, 0)).toBe(scanned.length);
          }
        });
      }),
      { numRuns: 200 },
    );
  });

  test('any updates leave the indexes as a new one would be', async () => {
    const update = fc.oneof(
      fc
        .tuple(fc.constantFrom('a', 'b'), small)
        .map(([path, to]) => new Map([['$set', new Map([[path, to]])]])),
      fc.constantFrom('a', 'b', 'c').map((path) => new Map([['$unset', new Map([[path, true as Value]])]])),
      small.map((one) => new Map([['$set', new Map([['c', [new Map([['d', one]])] as Value]])]])),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { minLength: 1, maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(), fc.oneof(update, fc.constant(null))), { maxLength: 12 }),
        async (docs, changes) => {
          await engine.table.transaction(() => {
            const collection = fresh(indexes);
            const tried = (work: () => void) => {
              try {
                work();
              } catch (error) {
                expect(error).toMatchObject({ code: 171 });
              }
            };
            for (const doc of docs) tried(() => collection.insert(withId(doc)));
            for (const [which, change] of changes) {
              const all = [...collection.scan()];
              const stored = all[which % Math.max(1, all.length)];
              if (!stored) continue;
              if (change === null) collection.remove(stored);
              else {
                const apply = compileUpdate(change as Doc, {
                  filter: new Map(),
                  environment: plainEnvironment,
                });
                tried(() =>
                  collection.replace(stored, apply(stored.doc, { isInsert: false, now: new Date(0) })),
                );
              }
            }
            for (const index of collection.indexes) {
              const wanted = [...collection.scan()].flatMap(({ doc, recordId }) =>
                keysOf(index, doc).map((key) => `${key.toString('hex')}/${recordId}`),
              );
              const base = tableKey(collection.id, index.number);
              const kept = [...engine.table.keys(base, prefixEnd(base), false)].map(
                (key) => `${key.subarray(6, -6).toString('hex')}/${key.readUIntBE(key.length - 6, 6)}`,
              );
              expect(kept.sort()).toEqual(wanted.sort());
            }
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  test('a range read backwards is the range read forwards, turned round', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 70 }),
        fc.nat({ max: 70 }),
        fc.nat({ max: 70 }),
        async (count, from, to) => {
          await engine.table.transaction(() => {
            const id = 1_000_000 + ++runs;
            const key = (at: number) => Buffer.concat([tableKey(id, 0), Buffer.of(at)]);
            for (let at = 0; at < count; at++) engine.table.put(key(at), Buffer.of(at));
            const forwards = [...engine.table.range(key(from), key(to), false)].map(({ value: [at] }) => at);
            expect(forwards).toEqual(
              Array.from({ length: count }, (_unused, at) => at).filter((at) => at >= from && at < to),
            );
            expect([...engine.table.range(key(from), key(to), true)].map(({ value: [at] }) => at)).toEqual(
              [...forwards].reverse(),
            );
            expect([...engine.table.keys(key(from), key(to), true)].map((one) => one.at(-1))).toEqual(
              [...forwards].reverse(),
            );
            for (const _pulse of engine.table.removeRange(tableKey(id, 0)));
          });
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('with a server', () => {
  let dataDir: string;
  let store: { url: string; close(): Promise<void> };
  let client: MongoClient;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'parley-store-'));
    store = await startEmbeddedStore({ dataDir, inWorker: false });
    client = await MongoClient.connect(store.url);
  });
  afterAll(async () => {
    await client.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('concurrent upserts keep a unique index unique, and lose no count', async () => {
    const collection = client.db('test').collection('counters');
    await collection.createIndex({ key: 1 }, { unique: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 40 }),
        async (keys) => {
          await collection.deleteMany({});
          await Promise.all(
            keys.map((key) => collection.updateOne({ key }, { $inc: { n: 1 } }, { upsert: true })),
          );
          const rows = await collection.find().toArray();
          expect(rows).toHaveLength(new Set(keys).size);
          expect(rows.reduce((sum, { n }) => sum + n, 0)).toBe(keys.length);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('any bytes on the socket get an error or a closed connection, and the store goes on', async () => {
    const path = decodeURIComponent(/mongodb:\/\/([^/]+)\//.exec(store.url)?.[1] ?? '');
    const header = (length: number, opCode: number) => {
      const bytes = Buffer.alloc(16);
      bytes.writeInt32LE(length, 0);
      bytes.writeInt32LE(opCode, 12);
      return bytes;
    };
    const framed = fc
      .tuple(fc.constantFrom(2013, 2004, 2012, 1), fc.uint8Array({ minLength: 5, maxLength: 80 }))
      .map(([opCode, body]) => Buffer.concat([header(16 + body.length, opCode), body]));
    const command = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((body) => {
      const doc = Buffer.concat([Buffer.alloc(4), body, Buffer.of(0)]);
      doc.writeInt32LE(doc.length, 0);
      return Buffer.concat([header(21 + doc.length, 2013), Buffer.alloc(5), doc]);
    });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          framed,
          command,
          fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
        ),
        async (bytes) => {
          const socket = connect(path);
          socket.on('error', () => undefined);
          const closed = new Promise((resolve) => socket.once('close', resolve));
          socket.resume();
          socket.end(bytes);
          await closed;
        },
      ),
      { numRuns: 200 },
    );
    expect(await client.db('test').command({ ping: 1 })).toMatchObject({ ok: 1 });
  });
});
