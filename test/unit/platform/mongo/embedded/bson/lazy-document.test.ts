import { BSON, Int32, type Document } from 'bson';
import fc from 'fast-check';
import { decode } from '../../../../../../src/platform/mongo/embedded/bson/decode';
import { encode } from '../../../../../../src/platform/mongo/embedded/bson/encode';
import type { LazyDocument } from '../../../../../../src/platform/mongo/embedded/bson/lazy-document';
import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';

const bytesOf = (doc: Document): Buffer => Buffer.from(BSON.serialize(doc));
const plain = (doc: Doc): Document => BSON.deserialize(encode(doc));

const names = fc.constantFrom(
  '_id',
  'a',
  'b',
  'é',
  '中',
  'a name that is longer than what is kept of names',
  '0',
);
const values = fc.oneof(
  fc.double({ noNaN: true }),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.constant([1, { x: 2 }]),
);
const documents = fc.dictionary(names, fc.oneof(values, fc.dictionary(names, values)));

test('a field that is asked for is what the whole document has there', () => {
  fc.assert(
    fc.property(documents, names, (doc, name) => {
      const [one, all] = [decode(bytesOf(doc)), decode(bytesOf(doc))];
      expect(plain(new Map([['v', one.get(name) ?? 'nothing']]))).toEqual(
        plain(new Map([['v', new Map(all).get(name) ?? 'nothing']])),
      );
      expect(one.has(name)).toBe(Object.hasOwn(doc, name));
    }),
  );
});

test('some fields of a document are those of the whole, in its order', () => {
  fc.assert(
    fc.property(documents, fc.uniqueArray(names), (doc, wanted) => {
      const lazy = decode(bytesOf(doc)) as LazyDocument;
      const some = new Map(lazy.among(new Set(wanted)));
      const expected = [...decode(bytesOf(doc))].filter(([name]) => new Set<string>(wanted).has(name));
      expect(encode(some).equals(encode(new Map(expected)))).toBe(true);
    }),
  );
});

test('fields that are set over the bytes are written as those of a plain document', () => {
  const changes = fc.array(fc.tuple(names, fc.oneof(values, fc.constant(undefined))));
  fc.assert(
    fc.property(documents, changes, (doc, list) => {
      const lazy = decode(bytesOf(doc));
      const eager: Doc = new Map(decode(bytesOf(doc)));
      for (const target of [lazy, eager])
        for (const [name, value] of list)
          if (value === undefined) target.delete(name);
          else target.set(name, valueOf(value));
      expect(encode(lazy).equals(encode(eager))).toBe(true);
      expect([...lazy.keys()]).toEqual([...eager.keys()]);
    }),
  );
});

const valueOf = (value: unknown): Value => decode(bytesOf({ value })).get('value') as Value;

test('what nobody has read is written byte for byte, also inside', () => {
  const bytes = bytesOf({ a: { b: new Int32(1), c: [1, 2] }, d: 'x' });
  const doc = decode(bytes);
  expect(encode(doc).equals(bytes)).toBe(true);
  expect(encode(new Map(doc)).equals(bytes)).toBe(true);
});

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1)],
  ['with a length past its end', (bytes: Buffer) => withInt(bytes, 0, 4_000)],
  ['with a text past its end', (bytes: Buffer) => withInt(bytes, 7, 4_000)],
  ['with a text of less than nothing', (bytes: Buffer) => withInt(bytes, 7, -9)],
  [
    'of a type that is none',
    (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === 4 ? 0x44 : byte))),
  ],
])('bytes %s are refused before anything is read', (_name, broken) => {
  expect(() => decode(broken(bytesOf({ a: 'text' })))).toThrow('no BSON document');
});

function withInt(bytes: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeInt32LE(value, at);
  return changed;
}
