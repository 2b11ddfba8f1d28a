import { Int32 } from 'bson';
import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { countAt, queryOf } from '../../../../../../src/platform/mongo/embedded/commands/query';

const now = new Date('2024-05-01T12:00:00Z');
const map = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));

test('what a command does not say is everything, in no order', () => {
  expect(queryOf(map({}), now)).toMatchObject({
    filter: new Map(),
    sort: [],
    skip: 0,
    limit: 0,
    hint: undefined,
  });
});

test('a count or a distinct has its filter elsewhere', () => {
  const body = map({ query: map({ a: 1 }), filter: map({ b: 1 }), sort: map({ c: -1 }) });
  expect([...queryOf(body, now, 'query').filter.keys()]).toEqual(['a']);
  expect(queryOf(body, now).sort).toEqual([{ path: 'c', direction: -1 }]);
});

test('a filter that cannot be is refused before anything is read', () => {
  expect(() => queryOf(map({ filter: map({ a: map({ $no: 1 }) }) }), now)).toThrow(
    expect.objectContaining({ code: 2 }),
  );
  expect(() => queryOf(map({ filter: 'a' }), now)).toThrow(expect.objectContaining({ code: 14 }));
});

test.each<[Value, number]>([[null, 0], [new Int32(3), 3], [3.9, 3], [4n, 4]])('%p counts %i', (value, count) => {
  expect(countAt(map({ skip: value }), 'skip')).toBe(count);
}); // prettier-ignore

test.each<[Value, number]>([[-1, 51024], ['1', 14]])('%p is refused with %i', (value, code) => {
  expect(() => countAt(map({ limit: value }), 'limit')).toThrow(expect.objectContaining({ code }));
}); // prettier-ignore
