import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { environmentOf } from '../../../../../../src/platform/mongo/embedded/commands/environment';

const now = new Date('2024-05-01T12:00:00Z');
const map = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));

test('variables are evaluated once, with those of the command around them', () => {
  const outer = environmentOf(map({ let: map({ a: map({ $add: [1, 2] }) }) }), now);
  const inner = environmentOf(map({ let: map({ b: map({ $add: ['$$a', 1] }), at: '$$NOW' }) }), now, outer);
  expect([...inner.variables]).toEqual([['a', 3], ['b', 4], ['at', now]]); // prettier-ignore
});

test('under a collation texts compare and are one as it says, and without one as bytes', () => {
  const { collate, fold } = environmentOf(map({ collation: map({ locale: 'en', strength: 2 }) }), now);
  expect([collate?.('a', 'A'), fold?.('A') === fold?.('a')]).toEqual([0, true]);
  expect(environmentOf(map({}), now)).toMatchObject({ collate: null, fold: null });
});

test.each<[Value | undefined, boolean]>([
  [undefined, true],
  [true, true],
  [false, false],
  [0, false],
])('allowDiskUse %p: may a file be used? %p', (allowDiskUse, mayUseDisk) => {
  const body = allowDiskUse === undefined ? map({}) : map({ allowDiskUse });
  expect(environmentOf(body, now).memory).toEqual({ limitBytes: 100 * 1024 * 1024, mayUseDisk });
});

test('variables that are no document are refused', () => {
  expect(() => environmentOf(map({ let: 1 }), now)).toThrow(expect.objectContaining({ code: 14 }));
  expect(environmentOf(map({ let: null }), now).variables.size).toBe(0);
});
