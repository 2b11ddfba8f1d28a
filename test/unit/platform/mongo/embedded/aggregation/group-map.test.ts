import { BSONSymbol, Decimal128, Int32, ObjectId } from 'bson';
import { GroupMap } from '../../../../../../src/platform/mongo/embedded/aggregation/group-map';
import { compare } from '../../../../../../src/platform/mongo/embedded/bson/compare';
import type { Value } from '../../../../../../src/platform/mongo/embedded/bson/value';

const decimal = (text: string) => Decimal128.fromString(text);
const values: Value[] = [
  null, true, false, '', '1', 'a', new BSONSymbol('a'), 1, new Int32(1), 1n, decimal('1'), decimal('1.0'), 0, -0, 1.5,
  decimal('1.5'), 0.1, decimal('0.1'), NaN, decimal('NaN'), Infinity, decimal('Infinity'), -Infinity, 2 ** 53, 2n ** 53n,
  2n ** 53n + 1n, decimal('9007199254740993'), 2n ** 63n - 1n, 2 ** 63, decimal('1E+400'), new Date(1), new Date(0),
  new ObjectId('0123456789abcdef01234567'), [1], [new Int32(1)], [], new Map(), new Map<string, Value>([['a', 1]]),
  new Map<string, Value>([['a', 1n]]),
]; // prettier-ignore

test('values that compare as equal, of whatever types, are one, and no others', () => {
  const wanted: Value[] = [];
  const groups = new GroupMap<number>();
  for (const value of values) {
    const known = wanted.findIndex((one) => compare(one, value) === 0);
    expect([value, groups.get(value)]).toEqual([value, known < 0 ? undefined : known]);
    if (known >= 0) continue;
    groups.set(value, wanted.length);
    wanted.push(value);
  }
  expect(wanted.length).toBeGreaterThan(20);
  expect(groups.values()).toEqual(wanted.map((_value, at) => at));
});

test('nothing is left of what was cleared', () => {
  const groups = new GroupMap<number>();
  for (const value of ['a', 1, new Date(0), null]) groups.set(value, 1);
  groups.clear();
  expect(['a', 1, new Date(0), null].map((value) => groups.get(value))).toEqual(Array(4).fill(undefined));
  expect(groups.values()).toEqual([]);
});
