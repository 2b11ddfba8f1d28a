import { Long } from 'bson';
import { storeForEachTest } from '../../../../../support/command-runner';

const { run } = storeForEachTest();

const count = 150;
beforeEach(() =>
  run({
    insert: 'rows',
    documents: Array.from({ length: count }, (_unused, at) => ({ _id: at, n: at % 5, list: [at % 3, 'x'] })),
  }),
);
const find = async (fields: object) => (await run({ find: 'rows', ...fields }))['cursor'];
const idsOf = (batch: { _id: number }[]) => batch.map(({ _id }) => _id);

test('a search gives 101 documents at first, and the rest when it is asked for', async () => {
  const { firstBatch, id } = await find({});
  const { cursor } = await run({ getMore: Long.fromNumber(id), collection: 'rows' });
  expect([firstBatch.length, cursor.nextBatch.length, cursor.id]).toEqual([101, 49, 0]);
});

test.each<[object, number[]]>([
  [{ sort: { _id: -1 }, limit: 3 }, [149, 148, 147]],
  [{ filter: { n: 4 }, skip: 2, limit: 2 }, [14, 19]],
  [{ filter: { _id: { $lt: 2 } }, projection: { n: 1 } }, [0, 1]],
  [{ sort: { _id: 1 }, batchSize: 2, singleBatch: true }, [0, 1]],
  [{ filter: { $expr: { $eq: ['$_id', '$$wanted'] } }, let: { wanted: 7 } }, [7]],
])('%j finds %j', async (fields, ids) => {
  const { firstBatch, id } = await find(fields);
  expect([idsOf(firstBatch), id]).toEqual([ids, 0]);
});

test('a collection that is not there is empty, and a filter is checked all the same', async () => {
  expect(await run({ find: 'none' })).toMatchObject({ cursor: { firstBatch: [], id: 0 } });
  await expect(run({ find: 'none', filter: { n: { $no: 1 } } })).rejects.toMatchObject({ code: 2 });
  expect([await run({ count: 'none' }), await run({ distinct: 'none', key: 'n' })]).toMatchObject([
    { n: 0 },
    { values: [] },
  ]);
});

test.each<[object, number]>([
  [{}, count],
  [{ query: { n: 1 } }, 30],
  [{ query: { n: 1 }, skip: 25 }, 5],
  [{ query: { n: 1 }, skip: 20, limit: 4 }, 4],
  [{ query: { n: 1 }, limit: -4 }, 4],
])('count %j is %i, with an index and without', async (fields, n) => {
  expect(await run({ count: 'rows', ...fields })).toEqual({ n, ok: 1 });
  await run({ createIndexes: 'rows', indexes: [{ key: { n: 1 }, name: 'n' }] });
  expect(await run({ count: 'rows', ...fields })).toEqual({ n, ok: 1 });
});

test('distinct values are those of fields and of the items of lists, each once', async () => {
  expect((await run({ distinct: 'rows', key: 'list' }))['values']).toEqual([0, 'x', 1, 2]);
  expect((await run({ distinct: 'rows', key: 'n', query: { _id: { $lt: 3 } } }))['values']).toEqual([
    0, 1, 2,
  ]);
  expect((await run({ distinct: 'rows', key: 'none' }))['values']).toEqual([]);
  await run({ insert: 'texts', documents: ['a', 'A', 'b'].map((text) => ({ text })) });
  const collation = { locale: 'en', strength: 2 };
  expect((await run({ distinct: 'texts', key: 'text', collation }))['values']).toEqual(['a', 'b']);
});

test('a cursor that was killed is not there', async () => {
  const { id } = await find({ batchSize: 2 });
  const cursors = [Long.fromNumber(id), Long.fromNumber(1)];
  const { cursorsKilled, cursorsNotFound } = await run({ killCursors: 'rows', cursors });
  expect([cursorsKilled, cursorsNotFound]).toEqual([[id], [1]]);
  const again = run({ getMore: Long.fromNumber(id), collection: 'rows' });
  await expect(again).rejects.toMatchObject({ code: 43, codeName: 'CursorNotFound' });
});

test.each([
  [{ getMore: 1, collection: 'rows' }, 14],
  [{ getMore: Long.fromNumber(1) }, 40414],
  [{ getMore: Long.fromNumber(1), collection: 5 }, 14],
  [{ killCursors: 'rows' }, 40414],
  [{ killCursors: 'rows', cursors: [1] }, 14],
  [{ distinct: 'rows' }, 40414],
  [{ distinct: 'rows', key: 5 }, 14],
  [{ find: 'rows', skip: -1 }, 51024],
  [{ find: 'rows', hint: 'none' }, 2],
])('%j is refused', async (body, code) => {
  await expect(run(body)).rejects.toMatchObject({ code });
});
