import { BSON, type Document } from 'bson';
import fc from 'fast-check';
import { decode } from '../../../../../../src/platform/mongo/embedded/bson/decode';
import { encode } from '../../../../../../src/platform/mongo/embedded/bson/encode';
import { canExcerpt, excerptOf } from '../../../../../../src/platform/mongo/embedded/bson/excerpt';
import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';

const bytesOf = (doc: Document): Buffer => Buffer.from(BSON.serialize(doc));
const names = ['_id', 'a', 'ab', 'b', 'none'];
const values = fc.oneof(
  fc.double({ noNaN: true }),
  fc.string(),
  fc.boolean(),
  fc.date({ noInvalidDate: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constant(null),
  fc.uint8Array().map((bytes) => new BSON.Binary(bytes)),
  fc.constant([1, { x: ['y'] }]),
  fc.constant(new BSON.ObjectId('0123456789abcdef01234567')),
);
const documents = fc.dictionary(
  fc.constantFrom(...names.slice(0, 4), 'other', 'é'),
  fc.oneof(values, fc.dictionary(fc.constantFrom('x', 'y'), values)),
);
const same = (one: Value | undefined, other: Value | undefined) =>
  expect(encode(new Map([['v', one ?? 'nothing']]))).toEqual(encode(new Map([['v', other ?? 'nothing']])));

test('an excerpt has of its fields what the document has, and keeps nothing of the bytes', () => {
  const read = excerptOf(names);
  fc.assert(
    fc.property(documents, (doc) => {
      const bytes = bytesOf(doc);
      const whole = decode(Buffer.from(bytes));
      // As where documents are read: there is more behind.
      const source = Buffer.concat([bytes, Buffer.alloc(20, 0x7a)]);
      const excerpt = read(source, bytes.length);
      source.fill(0xff);
      for (const name of [...names, 'other']) {
        const wanted = names.includes(name) ? whole.get(name) : undefined;
        same(excerpt.get(name), wanted);
        expect(excerpt.has(name)).toBe(wanted !== undefined);
      }
      const entries = [...excerpt.keys()].sort();
      expect(entries).toEqual(names.filter((name) => whole.has(name)).sort());
    }),
  );
});

test('it is a document like another: it can be copied, counted and changed by itself', () => {
  const excerpt: Doc = excerptOf(['a', 'b'])(bytesOf({ a: 'x', c: 1 }), bytesOf({ a: 'x', c: 1 }).length);
  expect([excerpt instanceof Map, excerpt.size, [...excerpt]]).toEqual([true, 1, [['a', 'x']]]);
  expect([...new Map(excerpt).set('b', 2).keys()]).toEqual(['a', 'b']);
  excerpt.set('b', true);
  expect([excerpt.get('b'), excerpt.delete('a'), excerpt.delete('a'), [...excerpt]]).toEqual([
    true,
    true,
    false,
    [['b', true]],
  ]);
  excerpt.clear();
  expect([excerpt.size, excerpt.get('b')]).toEqual([0, undefined]);
});

test('of a name that comes twice the first counts', () => {
  const [one, two] = [bytesOf({ a: 1, b: 1 }), bytesOf({ a: 2 })];
  const twice = Buffer.concat([one.subarray(0, -1), two.subarray(4)]);
  twice.writeInt32LE(twice.length, 0);
  same(excerptOf(['a'])(twice, twice.length).get('a'), decode(one).get('a'));
});

test('names that are not ASCII are not looked for in bytes', () => {
  expect([canExcerpt(['a', 'b_1']), canExcerpt(['a', 'é'])]).toEqual([true, false]);
});
