import { storeForEachTest } from '../../../../../support/command-runner';

const { run } = storeForEachTest();

const all = async () => (await run({ find: 'rows', sort: { _id: 1 } }))['cursor'].firstBatch;
const update = (...updates: object[]) => run({ update: 'rows', updates });
const remove = (...deletes: object[]) => run({ delete: 'rows', deletes });
beforeEach(() => run({ insert: 'rows', documents: [1, 2, 3].map((_id) => ({ _id, n: _id % 2 })) }));

test('a document without an id gets one, in front', async () => {
  expect(await run({ insert: 'more', documents: [{ n: 1 }] })).toEqual({ n: 1, ok: 1 });
  const [made] = (await run({ find: 'more' }))['cursor'].firstBatch;
  expect(Object.keys(made)).toEqual(['_id', 'n']);
});

test('an id holds no operators', async () => {
  const { writeErrors } = await run({ insert: 'more', documents: [{ _id: { $a: 1 } }] });
  expect(writeErrors).toMatchObject([{ index: 0, code: 52 }]);
});

test('an update tells what matched and what has changed', async () => {
  const one = { q: { n: 1 }, u: { $set: { n: 1 } } };
  expect(await update(one)).toEqual({ n: 1, nModified: 0, ok: 1 });
  expect(await update({ q: { n: 1 }, u: { $set: { n: 5 } }, multi: true })).toEqual({
    n: 2,
    nModified: 2,
    ok: 1,
  });
  expect(await update({ q: { _id: 2 }, u: { whole: true } })).toMatchObject({ nModified: 1 });
  expect(await all()).toEqual([{ _id: 1, n: 5 }, { _id: 2, whole: true }, { _id: 3, n: 5 }]); // prettier-ignore
});

test('what is not there is made where it may be, and told by its place in the batch', async () => {
  const answer = await update(
    { q: { _id: 1 }, u: { $inc: { n: 1 } }, upsert: true },
    { q: { _id: 8 }, u: { $inc: { n: 1 }, $setOnInsert: { isNew: true } }, upsert: true },
    { q: { _id: 9 }, u: { $inc: { n: 1 } } },
  );
  expect(answer).toEqual({ n: 2, upserted: [{ index: 1, _id: 8 }], nModified: 1, ok: 1 });
  expect((await all()).at(-1)).toEqual({ _id: 8, isNew: true, n: 1 });
});

test('a deletion takes one or all', async () => {
  expect(await remove({ q: { n: 1 }, limit: 1 })).toEqual({ n: 1, ok: 1 });
  expect(await remove({ q: {}, limit: 0 })).toEqual({ n: 2, ok: 1 });
});

test.each([
  ['a limit that is neither one nor all', () => remove({ q: {}, limit: 2 }), 9],
  ['a filter that is none', () => remove({ q: 1, limit: 0 }), 14],
  ['a field that is unknown', () => update({ q: {}, u: { n: 1 }, nonsense: 1 }), 40415],
  ['a whole document for many', () => update({ q: {}, u: { n: 1 }, multi: true }), 9],
])('%s is an error of its statement', async (_what, write, code) => {
  expect((await write())['writeErrors']).toMatchObject([{ index: 0, code }]);
  expect(await all()).toHaveLength(3);
});
