import { Decimal128 } from 'bson';
import { storeForEachTest } from '../../../../../support/command-runner';

const { run } = storeForEachTest();

const sum = { n: { $sum: 1 } };
const looksAt = async (pipeline: object[]): Promise<[keys: number, docs: number]> => {
  const { executionStats } = await run({
    explain: { aggregate: 'rows', pipeline, cursor: {} },
    verbosity: 'executionStats',
  });
  return [executionStats.totalKeysExamined, executionStats.totalDocsExamined];
};
const given = async (pipeline: object[]) =>
  (await run({ aggregate: 'rows', pipeline, cursor: {} }))['cursor'].firstBatch;
beforeEach(async () => {
  const documents = Array.from({ length: 90 }, (_unused, at) => ({ _id: at, state: at % 3, n: at }));
  await run({ insert: 'rows', documents });
  await run({ createIndexes: 'rows', indexes: [{ key: { state: 1 }, name: 'state' }] });
});

test.each<[string, object[], object[]]>([
  ['all', [{ $match: {} }, { $group: { _id: 1, ...sum } }], [{ _id: 1, n: 90 }]],
  ['those under one key', [{ $match: { state: 1 } }, { $group: { _id: null, ...sum } }], [{ _id: null, n: 30 }]],
  ['a window', [{ $match: { state: 1 } }, { $skip: 25 }, { $limit: 10 }, { $group: { _id: 1, ...sum } }], [{ _id: 1, n: 5 }]],
  ['nothing', [{ $match: { state: 9 } }, { $group: { _id: 1, ...sum } }], []],
])('%s is counted without a document being read', async (_what, pipeline, found) => {
  expect(await given(pipeline)).toEqual(found);
  expect((await looksAt(pipeline))[1]).toBe(0);
}); // prettier-ignore

test.each<[string, object[], object[]]>([
  ['another sum', [{ $group: { _id: 1, n: { $sum: 2 } } }], [{ _id: 1, n: 180 }]],
  ['a sum of doubles', [{ $group: { _id: 1, n: { $sum: 1.5 } } }], [{ _id: 1, n: 135 }]],
  ['a sum of decimals', [{ $group: { _id: 1, n: { $sum: Decimal128.fromString('1') } } }], [{ _id: 1, n: Decimal128.fromString('90') }]],
  ['several groups', [{ $group: { _id: '$state', ...sum } }], [{ _id: 0, n: 30 }, { _id: 1, n: 30 }, { _id: 2, n: 30 }]],
  ['a second field', [{ $group: { _id: 1, ...sum, most: { $max: '$n' } } }], [{ _id: 1, n: 90, most: 89 }]],
  ['a limit before what is passed over', [{ $limit: 10 }, { $skip: 4 }, { $group: { _id: 1, ...sum } }], [{ _id: 1, n: 6 }]],
  ['a field without an index', [{ $match: { n: { $lt: 9 } } }, { $group: { _id: 1, ...sum } }], [{ _id: 1, n: 9 }]],
])('%s is another question, and documents are read for it', async (_what, pipeline, found) => {
  expect(await given(pipeline)).toEqual(found);
  expect((await looksAt(pipeline))[1]).toBeGreaterThan(0);
}); // prettier-ignore
