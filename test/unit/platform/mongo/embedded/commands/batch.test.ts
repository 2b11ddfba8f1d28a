import { storeForEachTest } from '../../../../../support/command-runner';

const { run, context } = storeForEachTest();

const insert = (ids: unknown[], more: object = {}) =>
  run({ insert: 'rows', documents: ids.map((_id) => ({ _id })), ...more });
const ids = async () =>
  (await run({ find: 'rows', sort: { _id: 1 } }))['cursor'].firstBatch.map(({ _id }: { _id: number }) => _id);

test('an ordered batch ends with its first error, and what came before stays', async () => {
  const answer = await insert([1, 2, 1, 3]);
  expect(answer).toMatchObject({
    n: 2,
    writeErrors: [{ index: 2, code: 11000, keyValue: { _id: 1 } }],
    ok: 1,
  });
  expect(await ids()).toEqual([1, 2]);
});

test('one without an order goes on, and tells every error', async () => {
  const { n, writeErrors } = await insert([1, 1, 2, 2, 3], { ordered: false });
  expect([n, writeErrors.map(({ index }: { index: number }) => index)]).toEqual([3, [1, 3]]);
  expect(await ids()).toEqual([1, 2, 3]);
});

test.each([0, 100_001])('a batch of %i statements is refused', async (length) => {
  await expect(insert(Array.from({ length }, (_unused, at) => at))).rejects.toMatchObject({ code: 16 });
  expect(context().engine.get('db.rows')).toBeNull();
});

test('a batch that the store itself breaks off tells how far it had come', async () => {
  const { engine } = context();
  const { table } = engine;
  await insert([0]);
  const transaction = table.transaction.bind(table);
  let slices = 0;
  table.transaction = (work) =>
    transaction((isOver) => {
      if (++slices > 1) throw new Error('no space left');
      let asked = 0;
      return work(() => isOver() || ++asked > 2);
    });
  const { n, writeErrors } = await insert([1, 2, 3, 4, 5, 6]);
  expect([n, writeErrors[0].code, writeErrors[0].index]).toEqual([3, 14031, 3]);
  table.transaction = transaction;
  expect(await ids()).toEqual([0, 1, 2, 3]);
});
