import {
  Binary, BSONRegExp, Decimal128, Int32, MaxKey, MinKey, ObjectId, Timestamp,
} from 'bson'; // prettier-ignore
import { keyPart, keyText } from '../../../../../../src/platform/mongo/embedded/bson/key';
import type { Value } from '../../../../../../src/platform/mongo/embedded/bson/value';

const doc = (fields: Record<string, Value>): Value => new Map(Object.entries(fields));
const date = (text: string) => new Date(`${text}T00:00:00Z`);

/** From the least to the greatest: MongoDB's manual, reference/bson-type-comparison-order. */
const inOrder: Value[] = [
  new MinKey(),
  null,
  NaN, -Infinity, -(2n ** 62n), -1.5, new Int32(-1), 0, 0.5, new Int32(1), Decimal128.fromString('1.1'), 2n, 2 ** 53,
  2n ** 53n + 1n, 1e300, Infinity,
  '', '\0', '\0a', 'A', 'a', 'a\0', 'aa', 'b', 'é', '你', '😀',
  doc({}), doc({ a: 1 }), doc({ a: 1, b: 0 }), doc({ a: 2 }), doc({ b: 1 }), doc({ a: 'x' }),
  [], [1], [1, 2], [2], ['a'],
  new Binary(Buffer.of(9)), new Binary(Buffer.of(1, 2)), new Binary(Buffer.of(1, 2), 5),
  new ObjectId('0'.repeat(24)), new ObjectId(`${'0'.repeat(23)}1`),
  false, true,
  date('1960-01-01'), date('1970-01-01'), date('2020-01-01'),
  new Timestamp({ t: 1, i: 2 }), new Timestamp({ t: 2, i: 1 }),
  new BSONRegExp('a', ''), new BSONRegExp('a', 'i'), new BSONRegExp('b', ''),
  new MaxKey(),
]; // prettier-ignore

const sign = (order: number) => Math.sign(order);
const pairs = inOrder.flatMap((a, at) => inOrder.map((b, other) => ({ a, b, order: sign(at - other) })));

test('keys stand in the order of the values, of whatever types', () => {
  const wrong = pairs.filter(({ a, b, order }) => sign(Buffer.compare(keyPart(a), keyPart(b))) !== order);
  expect(wrong).toEqual([]);
});

test('descending keys stand the other way round', () => {
  const wrong = pairs.filter(
    ({ a, b, order }) => sign(Buffer.compare(keyPart(a, true), keyPart(b, true))) !== sign(-order),
  );
  expect(wrong).toEqual([]);
});

test('no key is the beginning of another, so that what follows it in a compound key does not count', () => {
  const keys = inOrder.map((value) => keyPart(value));
  const beginnings = keys.filter((key) => keys.some((other) => other !== key && other.indexOf(key) === 0));
  expect(beginnings).toEqual([]);
});

test.each<[string, Value[]]>([
  ['numbers of any type', [1, 1n, new Int32(1), Decimal128.fromString('1'), Decimal128.fromString('1.00')]],
  ['both zeros', [0, -0, 0n, Decimal128.fromString('-0')]],
  ['what is no number', [NaN, Decimal128.fromString('NaN')]],
])('%s that are equal have one key and one text', (_name, values) => {
  expect(new Set(values.map((value) => keyPart(value).toString('hex'))).size).toBe(1);
  expect(new Set(values.map(keyText)).size).toBe(1);
});

test('a long value keeps 468 bytes for its order and a hash for its equality', () => {
  const long = 'x'.repeat(5_000);
  const [a, again, other] = [keyPart(`${long}a`), keyPart(`${long}a`), keyPart(`${long}b`)];
  expect(a).toHaveLength(500);
  expect(again).toEqual(a);
  expect(other).not.toEqual(a);
  expect(other.subarray(0, 468)).toEqual(a.subarray(0, 468));
  expect(Buffer.compare(keyPart(`w${long}`), a)).toBe(-1);
  expect(keyPart(long, true)).toHaveLength(500);
});

test('a key of 500 bytes is whole, one more and it is shortened', () => {
  const whole = keyPart('x'.repeat(497));
  expect(whole).toHaveLength(500);
  expect(whole.subarray(1, 498).toString()).toBe('x'.repeat(497));
  expect(keyPart('x'.repeat(498)).subarray(470).toString()).not.toBe('x'.repeat(30));
});
