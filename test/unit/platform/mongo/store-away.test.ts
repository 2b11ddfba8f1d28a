import type { Connection } from 'mongoose';
import { isStoreAway } from '../../../../src/platform/mongo/connection';
import { Failpoints } from '../../../support/failpoint';
import { closeStore, testConnection } from '../../../support/store';

let connection: Connection;
const failpoints = new Failpoints();
beforeAll(async () => {
  connection = await testConnection();
  failpoints.guard(connection);
});
afterAll(async () => {
  failpoints.release();
  await connection.close(true);
  await closeStore();
});

const rows = () => connection.collection<{ _id: string; n?: number }>('rows');
const failureOf = (call: Promise<unknown>) => call.then(() => null).catch((error: unknown) => error);
const calls: [string, () => Promise<unknown>][] = [
  ['a read', () => rows().findOne({ _id: 'a' })],
  ['a write', () => rows().updateOne({ _id: 'a' }, { $set: { n: 1 } })],
  ['a write of many', () => rows().bulkWrite([{ insertOne: { document: { _id: 'a' } } }])],
];

test.each(calls)('%s that is cut off from the store says that it is away', async (_what, call) => {
  for (const cut of ['before', 'after'] as const) {
    failpoints.storeIsAway = cut;
    expect(isStoreAway(await failureOf(call()))).toBe(true);
  }
});

test('what the store refuses does not', async () => {
  failpoints.storeIsAway = false;
  await rows().insertOne({ _id: 'twice' });
  const twice = () => rows().bulkWrite([{ insertOne: { document: { _id: 'twice' } } }]);
  expect(isStoreAway(await failureOf(twice()))).toBe(false);
});
