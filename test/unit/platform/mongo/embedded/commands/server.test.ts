import { clock, storeForEachTest } from '../../../../../support/command-runner';

const { run, context } = storeForEachTest();

test('it is a server alone, with sessions and without transactions', async () => {
  const hello = await run({ hello: 1 });
  expect(hello).toMatchObject({
    isWritablePrimary: true,
    logicalSessionTimeoutMinutes: 30,
    localTime: clock,
  });
  expect(hello).not.toHaveProperty('setName');
  expect(await run({ isMaster: 1 })).toEqual(hello);
});

test('it answers what shells and drivers ask when they connect', async () => {
  expect((await run({ buildInfo: 1 }))['version']).toBe('7.0.0');
  expect(await run({ ping: 1 })).toEqual({ ok: 1 });
  expect(await run({ endSessions: [] })).toEqual({ ok: 1 });
  const compatibility = await run({ getParameter: 1, featureCompatibilityVersion: 1 });
  expect(compatibility['featureCompatibilityVersion']).toEqual({ version: '7.0' });
  expect(await run({ getLog: 'startupWarnings' })).toMatchObject({ log: [] });
  expect(await run({ getLog: '*' })).toMatchObject({ names: ['global', 'startupWarnings'] });
  expect(await run({ getCmdLineOpts: 1 })).toMatchObject({ parsed: {}, ok: 1 });
  const { authInfo } = await run({ connectionStatus: 1, showPrivileges: true });
  expect(authInfo).toEqual({
    authenticatedUsers: [],
    authenticatedUserRoles: [],
    authenticatedUserPrivileges: [],
  });
  await expect(run({ getLog: 'nope' })).rejects.toMatchObject({ code: 96 });
  await expect(run({ getParameter: 1, nope: 1 })).rejects.toMatchObject({ code: 72 });
  await expect(run({ connectionStatus: 1, nope: 1 })).rejects.toMatchObject({ code: 40415 });
});

test('it counts what it was asked', async () => {
  await run({ insert: 'rows', documents: [{ _id: 1 }, { _id: 2 }] });
  await run({ find: 'rows', batchSize: 1 });
  await run({ update: 'rows', updates: [{ q: {}, u: { $set: { n: 1 } } }] });
  context().state.connected();
  const { opcounters, connections, metrics } = await run({ serverStatus: 1 });
  expect(opcounters).toMatchObject({ insert: 1, query: 1, update: 1, delete: 0, command: 4 });
  expect([connections, metrics.cursor.open.total]).toEqual([{ current: 1, totalCreated: 1 }, 1]);
});

test('it tells the documents, bytes and indexes of a database and of a collection', async () => {
  await run({ insert: 'rows', documents: [{ _id: 1, text: 'x'.repeat(1_000) }, { _id: 2 }] });
  await run({ createIndexes: 'rows', indexes: [{ key: { n: 1 }, name: 'n' }] });
  const db = await run({ dbStats: 1 });
  expect(db).toMatchObject({ collections: 1, objects: 2, indexes: 2 });
  expect(db['avgObjSize']).toBe(db['dataSize'] / 2);
  const { size, count, nindexes } = await run({ collStats: 'rows', scale: 1 });
  expect([size, count, nindexes]).toEqual([db['dataSize'], 2, 2]);
  expect(await run({ collStats: 'none' })).toMatchObject({ count: 0, size: 0, nindexes: 0 });
});
