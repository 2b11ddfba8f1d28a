import { ObjectId } from 'bson';
import { storeForEachTest } from '../../../../../support/command-runner';

const { run } = storeForEachTest();

/** Of several wrong operands the one that MongoDB looks at first is told, by its own code. */
test.each<[string, unknown, number]>([
  ['dateAdd', { startDate: '$text', unit: 'day', amount: '$text' }, 5166403],
  ['dateDiff', { startDate: '$text', endDate: '$date', unit: 'day' }, 5166307],
  ['dateDiff', { startDate: '$date', endDate: '$text', unit: 'day' }, 5166308],
  ['dateTrunc', { date: '$text', unit: 'day' }, 5439012],
  ['indexOfBytes', ['$date', 'x'], 40091],
  ['indexOfBytes', ['$text', '$date'], 40092],
  ['indexOfCP', ['$date', 'x'], 40093],
  ['replaceOne', { input: '$text', find: '$date', replacement: '$date' }, 51745],
  ['replaceAll', { input: '$missing', find: 'x', replacement: '$date' }, 51744],
  ['trim', { input: '$date', chars: '$date' }, 50699],
  ['substrCP', ['$text', -1, -1], 34454],
  ['substrCP', ['$id', 0, 1], 16007],
  ['toLower', '$id', 16007],
])('$%s of %j is refused with code %i', async (name, operand, code) => {
  await run({ insert: 'rows', documents: [{ text: 'x', date: new Date(0), id: new ObjectId() }] });
  const pipeline = [{ $project: { one: { [`$${name}`]: operand } } }];
  await expect(run({ aggregate: 'rows', pipeline, cursor: {} })).rejects.toMatchObject({ code });
});
