import { Long } from 'bson';
import { storeForEachTest } from '../../../../../support/command-runner';

const { run } = storeForEachTest();

const count = 300;
beforeEach(() =>
  run({
    insert: 'rows',
    documents: Array.from({ length: count }, (_unused, at) => ({ _id: at, n: at % 7, text: 'x'.repeat(99) })),
  }),
);
const aggregate = (pipeline: object[], more: object = {}) =>
  run({ aggregate: 'rows', pipeline, cursor: {}, ...more });
const idsOf = ({ cursor }: Record<string, { firstBatch: { _id: unknown }[] }>) =>
  cursor?.firstBatch.map(({ _id }) => _id);

test.each([
  ['without a cursor', { cursor: undefined }, 9],
  ['with a batch below nothing', { cursor: { batchSize: -1 } }, 51024],
  ['with a batch that is no number', { cursor: { batchSize: 'x' } }, 14],
  ['with an option that is unknown', { sort: {} }, 40415],
  ['with a pipeline that is no list', { pipeline: {} }, 14],
])('an aggregation %s is refused', async (_what, fields, code) => {
  const body = Object.fromEntries(
    Object.entries({ aggregate: 'rows', pipeline: [], cursor: {}, ...fields }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  await expect(run(body)).rejects.toMatchObject({ code });
});

test('a first batch of nothing opens a cursor, and the rest is asked for', async () => {
  const first = await aggregate([{ $match: { n: 3 } }], { cursor: { batchSize: 0 } });
  expect(first['cursor'].firstBatch).toEqual([]);
  const id = Long.fromNumber(first['cursor'].id);
  const next = await run({ getMore: id, collection: 'rows' });
  expect(next['cursor'].nextBatch).toHaveLength(43);
});

test('what a sort, a skip and a limit at the beginning give is what they give later', async () => {
  const page = [{ $sort: { n: -1, _id: 1 } }, { $skip: 5 }, { $limit: 4 }];
  const early = await aggregate(page);
  expect(idsOf(early)).toEqual([41, 48, 55, 62]);
  expect(idsOf(await aggregate([{ $set: { later: 1 } }, ...page]))).toEqual(idsOf(early));
  expect(idsOf(await aggregate([{ $sort: { n: 1 } }, { $limit: 2 }, { $skip: 1 }]))).toEqual([7]);
});

test('a pipeline that reads some fields gives what one gives that reads all, with an index and without', async () => {
  const group = { $group: { _id: '$n', sum: { $sum: '$_id' } } };
  const whole = [{ $set: { any: 1 } }, group, { $sort: { _id: 1 } }];
  const narrow = [group, { $sort: { _id: 1 } }];
  for (const filter of [{}, { n: { $gt: 3 } }, { text: /^x/, _id: { $lt: 50 } }]) {
    const given = await aggregate([{ $match: filter }, ...narrow]);
    expect(given).toEqual(await aggregate([{ $match: filter }, ...whole]));
    await run({ createIndexes: 'rows', indexes: [{ key: { n: 1 }, name: 'n' }] });
    expect(await aggregate([{ $match: filter }, ...narrow])).toEqual(given);
    await run({ dropIndexes: 'rows', index: 'n' });
  }
});

test('a result is no larger than a document may be', async () => {
  await run({ update: 'rows', updates: [{ q: {}, u: { $set: { text: 'x'.repeat(60_000) } }, multi: true }] });
  const group = { $group: { _id: null, all: { $push: '$text' } } };
  await expect(aggregate([group])).rejects.toMatchObject({ code: 10334, codeName: 'BSONObjectTooLarge' });
  await expect(aggregate([{ $facet: { all: [] } }])).rejects.toMatchObject({ code: 10334 });
  const counted = { $facet: { all: [{ $project: { text: 1 } }] } };
  expect((await aggregate([counted, { $project: { n: { $size: '$all' } } }]))['cursor'].firstBatch).toEqual([
    { n: count },
  ]);
});
