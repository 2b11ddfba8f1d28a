import { storeForEachTest } from '../../../../../support/command-runner';

const { run } = storeForEachTest();

beforeEach(() => run({ insert: 'rows', documents: [3, 1, 2].map((n, _id) => ({ _id, n })) }));
const modify = (fields: object) => run({ findAndModify: 'rows', ...fields });
const found = { n: 1, updatedExisting: true };
const none = { n: 0, updatedExisting: false };

test.each<[string, object, unknown, object]>([
  ['the document before', { query: { n: 1 }, update: { $inc: { n: 5 } } }, { _id: 1, n: 1 }, found],
  ['the document after', { query: { n: 1 }, update: { $inc: { n: 5 } }, new: true }, { _id: 1, n: 6 }, found],
  ['the first in order', { sort: { n: -1 }, update: { $set: { n: 0 } } }, { _id: 0, n: 3 }, found],
  ['only some fields', { query: { n: 2 }, update: { n: 9 }, new: true, fields: { _id: 0 } }, { n: 9 }, found],
  ['nothing where nothing is', { query: { n: 7 }, update: { $set: { n: 0 } } }, null, none],
  ['what is removed', { query: { n: 2 }, remove: true }, { _id: 2, n: 2 }, { n: 1 }],
  ['nothing where nothing is removed', { query: { n: 7 }, remove: true }, null, { n: 0 }],
  ['nothing of what was not there', { query: { _id: 8 }, update: { $set: { n: 0 } }, upsert: true }, null, { n: 1, updatedExisting: false, upserted: 8 }],
  ['what was made', { query: { _id: 8 }, update: { $set: { n: 0 } }, upsert: true, new: true }, { _id: 8, n: 0 }, { n: 1, updatedExisting: false, upserted: 8 }],
])('it answers %s', async (_what, fields, value, lastErrorObject) => {
  expect(await modify(fields)).toEqual({ lastErrorObject, value, ok: 1 });
}); // prettier-ignore

test('of many that match at once each gets another', async () => {
  const take = () => modify({ query: { taken: null }, update: { $set: { taken: true } } });
  const taken = await Promise.all([take(), take(), take(), take()]);
  expect(taken.map(({ value }) => value?._id ?? null)).toEqual([0, 1, 2, null]);
});

test.each([
  ['neither an update nor a removal', {}],
  ['both', { update: { n: 1 }, remove: true }],
  ['a removal that answers what is new', { remove: true, new: true }],
  ['a removal that makes what is not there', { remove: true, upsert: true }],
])('%s is refused', async (_what, fields) => {
  await expect(modify(fields)).rejects.toMatchObject({ code: 9 });
});
