import { Int32 } from 'bson';
import { int, listReply, part, reply } from '../../../../../../src/platform/mongo/embedded/commands/reply';

test('an answer says at its end that it is one', () => {
  expect([...reply({ n: int(2), more: part({ b: 1, a: 2 }) })]).toEqual([
    ['n', new Int32(2)],
    ['more', new Map([['b', 1], ['a', 2]])],
    ['ok', 1],
  ]);
}); // prettier-ignore

test('a list has a cursor that is at its end', () => {
  expect(listReply('db.rows', [1]).get('cursor')).toEqual(part({ firstBatch: [1], id: 0n, ns: 'db.rows' }));
});
