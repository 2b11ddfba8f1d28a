import { MongoClient, type Db, type Document } from 'mongodb';
import { closeStore, freshDatabaseUrl } from '../../../support/store';

const isOurs = !process.env['TEST_MONGODB_URL'];
let client: MongoClient;
let db: Db;
beforeAll(async () => {
  client = await MongoClient.connect(await freshDatabaseUrl());
  db = client.db();
  await db.collection('c').createIndex({ state: 1, at: -1 });
  await db.collection('c').insertMany(
    Array.from({ length: 400 }, (_unused, at) => ({
      _id: at as never,
      state: at % 4 === 0 ? 'open' : 'done',
      at,
      tag: `t${at % 7}`,
    })),
  );
});
afterAll(async () => {
  await db.dropDatabase();
  await client.close();
  await closeStore();
});

const stages = (plan: Document | undefined): string[] =>
  plan ? [plan['stage'] as string, ...stages(plan['inputStage'] as Document)] : [];
const explain = (command: Document) => db.command({ explain: command, verbosity: 'executionStats' });

(isOurs ? describe : describe.skip)('an operator sees', () => {
  test('an index scan, with what it looked at', async () => {
    const { queryPlanner, executionStats } = await explain({
      find: 'c',
      filter: { state: 'open', at: { $gte: 100, $lt: 200 } },
      sort: { at: -1 },
      limit: 5,
    });
    expect(stages(queryPlanner.winningPlan)).toEqual(['LIMIT', 'FETCH', 'IXSCAN']);
    expect(queryPlanner.winningPlan.inputStage.inputStage).toMatchObject({
      indexName: 'state_1_at_-1',
      keyPattern: { state: 1, at: -1 },
      direction: 'forward',
    });
    expect(executionStats).toMatchObject({ nReturned: 5, totalKeysExamined: 5, totalDocsExamined: 5 });
  });

  test('a range with two ends that reads only what is between', async () => {
    const { executionStats } = await explain({
      find: 'c',
      filter: { state: 'open', at: { $gt: 100, $lte: 120 } },
    });
    expect(executionStats).toMatchObject({ nReturned: 5, totalKeysExamined: 5, totalDocsExamined: 5 });
  });

  test('a full scan and a sort in memory where no index helps', async () => {
    const { queryPlanner, executionStats } = await explain({
      find: 'c',
      filter: { tag: 't1' },
      sort: { at: 1 },
    });
    expect(stages(queryPlanner.winningPlan)).toEqual(['SORT', 'COLLSCAN']);
    expect(executionStats).toMatchObject({ totalKeysExamined: 0, totalDocsExamined: 400 });
  });

  test.each([
    ['count', { count: 'c', query: { state: 'open' } }, ['COUNT', 'COUNT_SCAN']],
    [
      'aggregate',
      { aggregate: 'c', pipeline: [{ $match: { state: 'open' } }, { $group: { _id: '$tag' } }], cursor: {} },
      ['FETCH', 'IXSCAN'],
    ],
    ['distinct', { distinct: 'c', key: 'tag', query: { state: 'open' } }, ['FETCH', 'IXSCAN']],
    [
      'update',
      { update: 'c', updates: [{ q: { state: 'open' }, u: { $set: { a: 1 } } }] },
      ['UPDATE', 'LIMIT', 'FETCH', 'IXSCAN'],
    ],
    ['delete', { delete: 'c', deletes: [{ q: { state: 'open' }, limit: 0 }] }, ['DELETE', 'FETCH', 'IXSCAN']],
    [
      'findAndModify',
      { findAndModify: 'c', query: { _id: 3 }, update: { $set: { a: 1 } } },
      ['UPDATE', 'LIMIT', 'FETCH', 'IXSCAN'],
    ],
  ])('the plan of %s, which changes nothing', async (_name, command, expected) => {
    expect(stages((await explain(command))['queryPlanner'].winningPlan)).toEqual(expected);
    expect(await db.collection('c').countDocuments({ a: 1 })).toBe(0);
    expect(await db.collection('c').estimatedDocumentCount()).toBe(400);
  });

  test('a count that reads no document', async () => {
    expect((await explain({ count: 'c', query: { state: 'open' } }))['executionStats']).toMatchObject({
      nReturned: 100,
      totalDocsExamined: 0,
    });
    expect(await db.command({ count: 'c', query: { state: 'open' }, skip: 90 })).toMatchObject({ n: 10 });
    expect(await db.command({ count: 'c', query: { state: 'open' }, limit: -7 })).toMatchObject({ n: 7 });
  });

  test('a hint obeyed, and a wrong one refused', async () => {
    const hinted = await explain({ find: 'c', filter: { state: 'open' }, hint: { $natural: 1 } });
    expect(stages(hinted['queryPlanner'].winningPlan)).toEqual(['COLLSCAN']);
    await expect(db.command({ find: 'c', hint: 'nope' })).rejects.toMatchObject({
      code: 2,
      codeName: 'BadValue',
    });
  });

  test('databases, collections, sizes and the server itself', async () => {
    const { databases } = await client
      .db('admin')
      .command({ listDatabases: 1, filter: { name: db.databaseName } });
    expect(databases).toMatchObject([{ name: db.databaseName, empty: false }]);
    expect(Number(databases[0].sizeOnDisk)).toBeGreaterThan(400 * 30);
    expect(await db.listCollections({ name: /^c$/ }).toArray()).toMatchObject([
      { name: 'c', type: 'collection' },
    ]);
    expect(await db.command({ dbStats: 1 })).toMatchObject({
      collections: 1,
      objects: 400,
      indexes: 2,
      ok: 1,
    });
    expect(await db.command({ collStats: 'c' })).toMatchObject({ count: 400, nindexes: 2 });
    const status = await client.db('admin').command({ serverStatus: 1 });
    expect(status).toMatchObject({ storageEngine: { name: 'lmdb', persistent: true }, ok: 1 });
    expect(status['connections'].current).toBeGreaterThan(0);
    expect(status['opcounters'].insert).toBeGreaterThan(0);
  });

  test('a standalone that takes sessions and refuses transactions', async () => {
    expect(await db.command({ hello: 1 })).toMatchObject({
      isWritablePrimary: true,
      logicalSessionTimeoutMinutes: 30,
    });
    const session = client.startSession();
    expect(await db.collection('c').findOne({ _id: 1 as never }, { session })).toMatchObject({ at: 1 });
    await session.endSession();
    await expect(db.command({ insert: 'c', documents: [{}], txnNumber: 1n as never })).rejects.toMatchObject({
      code: 20,
      codeName: 'IllegalOperation',
    });
  });
});

type Refusal = [command: Document, code: number, codeName: string];
const refusals: Refusal[] = [
  [{ nope: 1 }, 59, 'CommandNotFound'],
  [{ find: 'c', filter: { a: { $nope: 1 } } }, 2, 'BadValue'],
  [{ find: 'c', filter: { $nope: 1 } }, 2, 'BadValue'],
  [{ aggregate: 'c', pipeline: [{ $nope: 1 }], cursor: {} }, 40324, 'Location40324'],
  [
    { aggregate: 'c', pipeline: [{ $match: {} }, { $group: { _id: 1, n: { $nope: 1 } } }], cursor: {} },
    15952,
    'Location15952',
  ],
  [{ aggregate: 'c', pipeline: [] }, 9, 'FailedToParse'],
];
/** The second store takes these, or refuses them in its own way. */
const refusedHere: Refusal[] = [
  [{ find: 'c', limit: -1 }, 51024, 'Location51024'],
  [{ find: 'c', nope: 1 }, 40415, 'Location40415'],
  [{ find: 'c', maxTimeMS: -1 }, 2, 'BadValue'],
  [{ find: 'c', maxTimeMS: 'long' }, 14, 'TypeMismatch'],
  [{ find: 'c', readConcern: { level: 'nope' } }, 2, 'BadValue'],
  [{ find: 'c', readConcern: { level: 'snapshot' } }, 123, 'NotAReplicaSet'],
  [{ insert: 'c', documents: [{}], writeConcern: { w: 3 } }, 2, 'BadValue'],
  [{ insert: 'c', documents: [{}], writeConcern: { w: 'some' } }, 2, 'BadValue'],
  [{ ping: 1, apiVersion: '2' }, 322, 'APIVersionError'],
  [{ collStats: 'c', apiVersion: '1', apiStrict: true }, 323, 'APIStrictError'],
  [{ find: 'c', filter: { $where: '1' } }, 238, 'NotImplemented'],
  [{ aggregate: 'c', pipeline: [{ $geoNear: {} }], cursor: {} }, 238, 'NotImplemented'],
  [{ getMore: 1, collection: 'c' }, 14, 'TypeMismatch'],
  [{ getMore: 5n, collection: 'c' }, 43, 'CursorNotFound'],
  [{ commitTransaction: 1, txnNumber: 1n }, 20, 'IllegalOperation'],
  [{ count: 'c', hint: 'nope' }, 2, 'BadValue'],
  [{ distinct: 'c', key: 'a', hint: 'nope' }, 2, 'BadValue'],
  [{ findAndModify: 'c', remove: true, hint: 'nope' }, 2, 'BadValue'],
];
test.each([...refusals, ...(isOurs ? refusedHere : [])])(
  '%s is refused as MongoDB refuses it',
  async (command, code, codeName) => {
    const refusal = isOurs ? { code, codeName } : { code };
    await expect(db.command(command)).rejects.toMatchObject(refusal);
  },
);

// In the order in which mongosh 2 and Compass send them when they connect and show a database.
test('a shell and a browser of data connect and look round', async () => {
  const admin = client.db('admin');
  expect(await admin.command({ hello: 1 })).toMatchObject({ isWritablePrimary: true, ok: 1 });
  expect(await admin.command({ buildInfo: 1 })).toMatchObject({ ok: 1 });
  expect(await admin.command({ connectionStatus: 1, showPrivileges: true })).toMatchObject({ ok: 1 });
  const names = await admin.command({ listDatabases: 1, nameOnly: true });
  expect(names['databases'].map(({ name }: Document) => name as string)).toContain(db.databaseName);
  if (isOurs) expect(names['databases']).toContainEqual({ name: db.databaseName });
  const shown = await db.listCollections({}, { nameOnly: true, authorizedCollections: true }).toArray();
  expect(shown).toEqual([{ name: 'c', type: 'collection' }]);
  expect(await db.collection('c').indexes()).toMatchObject([{ name: '_id_' }, { name: 'state_1_at_-1' }]);
  if (!isOurs) return;
  for (const command of [
    { getCmdLineOpts: 1 },
    { getLog: 'startupWarnings' },
    { getParameter: 1, featureCompatibilityVersion: 1 },
    { hostInfo: 1 },
    { serverStatus: 1 },
  ])
    expect(await admin.command(command)).toMatchObject({ ok: 1 });
  // What no server but Atlas knows, and what this one has not: both go on without.
  for (const command of [{ atlasVersion: 1 }, { top: 1 }, { currentOp: 1 }])
    await expect(admin.command(command)).rejects.toMatchObject({ code: 59, codeName: 'CommandNotFound' });
});
