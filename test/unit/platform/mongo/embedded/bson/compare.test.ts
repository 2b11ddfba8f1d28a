import {
  Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Int32, MaxKey, MinKey, ObjectId, Timestamp,
} from 'bson'; // prettier-ignore
import { compare } from '../../../../../../src/platform/mongo/embedded/bson/compare';
import { keyPart } from '../../../../../../src/platform/mongo/embedded/bson/key';
import {
  Opaque,
  Undefined,
  type Doc,
  type Value,
} from '../../../../../../src/platform/mongo/embedded/bson/value';

const map = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));
const decimal = (text: string) => Decimal128.fromString(text);

/** MongoDB's order over all values (manual: bson-type-comparison-order). Those of one row are equal. */
const rows: Value[][] = [
  [new MinKey()],
  [new Undefined()],
  [null],
  [NaN, decimal('NaN')],
  [-Infinity, decimal('-Infinity')],
  [-5, new Int32(-5), -5n, decimal('-5')],
  [0, -0, new Int32(0), 0n],
  [0.1],
  [decimal('0.2')],
  [1, new Int32(1), 1n, decimal('1.0')],
  [new Int32(2)],
  [2n ** 53n, 2 ** 53],
  [2n ** 53n + 1n, decimal('9007199254740993')],
  [Infinity, decimal('Infinity')],
  [''],
  ['A'],
  ['a', new BSONSymbol('a')],
  ['aa'],
  ['\uffff'],
  ['\u{1f600}'],
  [map({})],
  [map({ a: 1 }), map({ a: 1n })],
  [map({ a: 1, b: 1 })],
  [map({ a: 2 })],
  [map({ b: 1 })],
  [map({ a: 'text' })],
  [[]],
  [[1], [1n]],
  [[1, 1]],
  [[2]],
  [new Binary(Buffer.from('b'))],
  [new Binary(Buffer.from('aa'))],
  [new Binary(Buffer.from('aa'), 5)],
  [new ObjectId('000000000000000000000001')],
  [new ObjectId('000000000000000000000002')],
  [false],
  [true],
  [new Date(-1)],
  [new Date(0)],
  [new Date(1)],
  [new Timestamp({ t: 1, i: 1 })],
  [new Timestamp({ t: 1, i: 2 })],
  [new BSONRegExp('a')],
  [new BSONRegExp('a', 'i')],
  [new BSONRegExp('b')],
  [new Opaque(12, Buffer.from('p'))],
  [new Code('a')],
  [new Code('b')],
  [new Opaque(15, Buffer.from('c'))],
  [new MaxKey()],
];

test('every value is below those that follow and equal to itself in other types', () => {
  for (const [at, row] of rows.entries())
    for (const [other, others] of rows.entries())
      for (const one of row)
        for (const two of others)
          expect([at, other, Math.sign(compare(one, two))]).toEqual([at, other, Math.sign(at - other)]);
});

test('the keys of an index are in that order, but for documents, whose types come first', () => {
  const simple = rows.filter(([value]) => !(value instanceof Map));
  for (let at = 1; at < simple.length; at++) {
    const [before, after] = [simple[at - 1]?.[0] as Value, simple[at]?.[0] as Value];
    expect([at, Buffer.compare(keyPart(before), keyPart(after))]).toEqual([at, -1]);
    expect([at, Buffer.compare(keyPart(before, true), keyPart(after, true))]).toEqual([at, 1]);
  }
});

test('texts are compared as a collation says where there is one, inside lists too', () => {
  const collate = (a: string, b: string) => a.toLowerCase().localeCompare(b.toLowerCase());
  expect([compare('A', 'a', collate), compare(['A'], ['a'], collate)]).toEqual([0, 0]);
  expect(compare('A', 'a')).toBeLessThan(0);
});
