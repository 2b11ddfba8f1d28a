import { Int32 } from 'bson';
import type { Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { Command } from '../../../../../../src/platform/mongo/embedded/commands/command';
import { commandRunner } from '../../../../../support/command-runner';

const commandOf = (fields: Record<string, Value>) => new Command(new Map(Object.entries(fields)));
const find = (fields: Record<string, Value> = {}) => commandOf({ find: 'rows', ...fields, $db: 'db' });
const map = (fields: Record<string, Value>) => new Map(Object.entries(fields));

test('a command is named by its first key, and its collection by what stands there', () => {
  expect([find().name, find().database, find().namespace]).toEqual(['find', 'db', 'db.rows']);
});

test('without a database, or with a collection that is none, it is refused', () => {
  expect(() => commandOf({ find: 'rows' })).toThrow(expect.objectContaining({ code: 40571 }));
  expect(() => commandOf({ find: 1, $db: 'db' }).namespace).toThrow(expect.objectContaining({ code: 73 }));
  expect(() => commandOf({ find: '', $db: 'db' }).namespace).toThrow(expect.objectContaining({ code: 73 }));
});

test('what it does not know is refused; what drivers send with any command is not', () => {
  find({ filter: map({}), lsid: map({}), maxTimeMS: 5, comment: 'why' }).allow('filter');
  expect(() => find({ nonsense: 1 }).allow('filter')).toThrow(expect.objectContaining({ code: 40415 }));
  expect(() => find({ tailable: true }).allow('filter')).toThrow(expect.objectContaining({ code: 238 }));
});

test.each<[Value, boolean, number]>([
  [null, false, 0],
  [0, false, 0],
  [new Int32(7), true, 7],
  [2.9, true, 2],
  [3n, true, 3],
])('%p is the flag %p and the count %p', (value, flag, count) => {
  expect([find({ x: value }).flag('x'), find({ x: value }).count('x')]).toEqual([flag, count]);
});

test('options that are not there have their default, and those of another type are refused', () => {
  expect([find().flag('x', true), find().count('x'), find().doc('x')]).toEqual([true, 0, undefined]);
  expect(() => find({ x: 'many' }).count('x')).toThrow(expect.objectContaining({ code: 14 }));
  expect(() => find({ x: [] }).doc('x')).toThrow(expect.objectContaining({ code: 14 }));
  expect(() => find({ x: [1] }).docs('x')).toThrow(expect.objectContaining({ code: 14 }));
  expect(() => find().docs('x')).toThrow(expect.objectContaining({ code: 40414 }));
});

test('one that nobody knows, or of a transaction, is refused before it is counted', async () => {
  const { run, context, close } = commandRunner();
  await expect(run({ nonsense: 1 })).rejects.toMatchObject({ code: 59, codeName: 'CommandNotFound' });
  await expect(run({ constructor: 1 })).rejects.toMatchObject({ code: 59 });
  await expect(run({ find: 'rows', txnNumber: 1 })).rejects.toMatchObject({ code: 20 });
  expect(context.state.counts.size).toBe(0);
  await close();
});
