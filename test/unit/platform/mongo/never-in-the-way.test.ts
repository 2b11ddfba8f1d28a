import { MongoClient, type Collection, type Document } from 'mongodb';
import { closeStore, freshDatabaseUrl } from '../../../support/store';

let client: MongoClient;
beforeAll(async () => void (client = await MongoClient.connect(await freshDatabaseUrl())));
afterAll(async () => {
  await client.db().dropDatabase();
  await client.close();
  await closeStore();
});

/** The second server of the tests is native code: there a command is over before others have come in between. */
const fewest = process.env['TEST_MONGODB_URL'] ? -1 : 3;
const count = 8_000;

/** Waits for a long command; meanwhile reads one document and writes another, again and again. Answers how often. */
async function beside(rows: Collection, long: Promise<unknown>): Promise<number> {
  let isRunning = true;
  const ended = long.finally(() => (isRunning = false));
  ended.catch(() => undefined);
  let answered = 0;
  while (isRunning) {
    expect(await rows.findOne({ _id: 17 as never })).toMatchObject({ _id: 17 });
    await client.db().collection('others').insertOne({ at: answered });
    if (isRunning) answered++;
  }
  await ended;
  return answered;
}

describe('while a long command runs, reads and writes go on:', () => {
  let rows: Collection;
  beforeAll(async () => {
    rows = client.db().collection('rows');
    await rows.insertMany(
      Array.from({ length: count }, (_unused, at) => ({
        _id: at as never,
        group: at % 10,
        n: (at * 7_919) % count,
      })),
    );
    await rows.createIndex({ n: 1 });
  });

  test('an aggregation', async () => {
    // Many steps for each document, so that it is long on a fast machine too.
    const steps = {
      $reduce: { input: { $range: [0, 25] }, initialValue: '$n', in: { $add: ['$$value', '$$this'] } },
    };
    const long = rows.aggregate([{ $group: { _id: '$group', sum: { $sum: steps } } }]).toArray();
    expect(await beside(rows, long)).toBeGreaterThan(fewest);
    expect(await long).toHaveLength(10);
  });

  test('a sort without an index, which gives what one with an index gives', async () => {
    const long = rows.find().sort({ group: 1, n: -1 }).project({ group: 1, n: 1 }).toArray();
    expect(await beside(rows, long)).toBeGreaterThan(fewest);
    const inOrder = [...(await long)].sort((a, b) => a['group'] - b['group'] || b['n'] - a['n']);
    expect(await long).toEqual(inOrder);
  });

  // Two hundred short steps for each document.
  const slow = { $add: ['$n', { $size: { $range: [0, { $multiply: [40, 5] }] } }] };
  const inWindows = { partitionBy: '$group', sortBy: { n: 1 }, output: { so: { $sum: slow } } };
  test.each<[string, Document[], number]>([
    ['$facet', [{ $facet: { a: [{ $group: { _id: slow } }, { $count: 'n' }], b: [{ $count: 'n' }] } }], 1],
    ['$setWindowFields', [{ $setWindowFields: inWindows }, { $count: 'n' }], 1],
    ['$bucketAuto', [{ $bucketAuto: { groupBy: slow, buckets: 20 } }], 20],
    ['$bucket', [{ $bucket: { groupBy: slow, boundaries: [0, 5_000, 100_000] } }], 2],
    ['$sortByCount', [{ $sortByCount: slow }, { $count: 'n' }], 1],
    ['$out', [{ $set: { slow } }, { $out: 'copied' }], 0],
    ['$merge', [{ $set: { slow } }, { $merge: 'merged' }], 0],
  ])('%s', async (_name, pipeline, given) => {
    const long = rows.aggregate(pipeline).toArray();
    expect(await beside(rows, long)).toBeGreaterThan(fewest);
    expect(await long).toHaveLength(given);
  });

  test('and what they wrote is whole', async () => {
    for (const name of ['copied', 'merged'])
      expect(await client.db().collection(name).countDocuments({})).toBe(count);
  });

  test('the building and dropping of indexes, and what is written meanwhile stands in them', async () => {
    const fields = ['a', 'b', 'c', 'd'];
    const long = rows.createIndexes(fields.map((field) => ({ key: { group: 1, [field]: 1, n: 1 } })));
    const written = rows.insertOne({ _id: -1 as never, group: 3, n: -1 });
    expect(await beside(rows, long)).toBeGreaterThan(fewest);
    await written;
    const hint = { group: 1, d: 1, n: 1 };
    expect(await rows.countDocuments({ group: { $gte: 0 } }, { hint })).toBe(count + 1);
    await rows.deleteOne({ _id: -1 as never });
    expect(await beside(rows, rows.dropIndexes())).toBeGreaterThan(Math.min(fewest, 0));
    await rows.createIndex({ n: 1 });
  });

  test('an update of everything, which changes each document once, also where the change moves it in the index', async () => {
    const long = rows.updateMany({ n: { $gte: 0 } }, { $inc: { n: 1_000_000, times: 1 } });
    expect(await beside(rows, long)).toBeGreaterThan(fewest);
    expect(await long).toMatchObject({ matchedCount: count, modifiedCount: count });
    expect(await rows.countDocuments({ times: 1, n: { $gte: 1_000_000, $lt: 1_000_000 + count } })).toBe(
      count,
    );
  });

  test('an update leaves alone what no longer matches when its turn comes', async () => {
    const long = rows.updateMany({ times: 1 }, { $set: { state: 'late' } });
    const taken = await rows.findOneAndUpdate(
      { _id: (count - 1) as never },
      { $set: { state: 'taken', times: 2 } },
    );
    expect(taken).not.toBeNull();
    const { matchedCount } = await long;
    const last = await rows.findOne({ _id: (count - 1) as never });
    expect([last?.['state'], matchedCount]).toEqual(['taken', count - 1]);
  });

  test('a deletion of everything but one', async () => {
    const long = rows.deleteMany({ _id: { $ne: 17 as never } });
    expect(await beside(rows, long)).toBeGreaterThan(fewest);
    expect(await long).toMatchObject({ deletedCount: count - 1 });
    expect(await rows.countDocuments()).toBe(1);
  });
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
