import { MongoClient } from 'mongodb';
import { closeStore, freshDatabaseUrl } from '../../../support/store';

let client: MongoClient;
beforeAll(async () => void (client = await MongoClient.connect(await freshDatabaseUrl())));
afterAll(async () => {
  await client.db().dropDatabase();
  await client.close();
  await closeStore();
});

test('while a long aggregation runs, reads and writes go on', async () => {
  const rows = client.db().collection('rows');
  for (let from = 0; from < 30_000; from += 10_000)
    await rows.insertMany(
      Array.from({ length: 10_000 }, (_unused, at) => ({ _id: (from + at) as never, group: at % 10, n: at })),
    );
  let isRunning = true;
  const long = rows
    .aggregate([
      { $group: { _id: '$group', sum: { $sum: '$n' }, all: { $addToSet: { $mod: ['$n', 500] } } } },
      { $sort: { _id: 1 } },
    ])
    .toArray()
    .finally(() => (isRunning = false));
  let answered = 0;
  while (isRunning) {
    expect(await rows.findOne({ _id: 17 as never })).toMatchObject({ n: 17 });
    await client.db().collection('others').insertOne({ at: answered });
    if (isRunning) answered++;
  }
  expect(await long).toHaveLength(10);
  expect(answered).toBeGreaterThan(3);
});

test('a cursor reads on while documents come and go', async () => {
  const rows = client.db().collection('moving');
  await rows.insertMany(Array.from({ length: 2_000 }, (_unused, at) => ({ _id: at as never })));
  const seen = new Set<unknown>();
  for await (const { _id } of rows.find().batchSize(100)) {
    seen.add(_id);
    if (seen.size % 500 === 0) {
      await rows.deleteOne({ _id: (1_999 - seen.size / 500) as never });
      await rows.insertOne({ _id: (10_000 + seen.size) as never });
    }
  }
  expect([...seen].filter((id) => Number(id) < 2_000).length).toBeGreaterThanOrEqual(1_996);
});
