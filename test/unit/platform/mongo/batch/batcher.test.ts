import { MongoNetworkError } from 'mongodb';
import { Batcher } from '../../../../../src/platform/mongo/batch/batcher';

/** Runs batches when the test says so. */
function controlled(largest?: number) {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const batcher = new Batcher<number, number>(async (calls) => {
    batches.push(calls);
    await new Promise<void>((open) => gates.push(open));
    if (calls.includes(-1)) throw new MongoNetworkError('away');
    if (calls.includes(0)) throw new TypeError('cannot be sent');
    return calls.map((call) => (call === 13 ? { error: new Error('refused') } : { result: call * 2 }));
  }, largest);
  /** Opens each batch as it comes until all are answered. */
  const settle = async <T>(answers: Promise<T>[]) => {
    const settled = Promise.allSettled(answers);
    let isOver = false;
    void settled.then(() => (isOver = true));
    while (!isOver) {
      gates.shift()?.();
      await new Promise((resume) => setImmediate(resume));
    }
    return settled;
  };
  return { batcher, batches, settle };
}

const values = (settled: PromiseSettledResult<number>[]) =>
  settled.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message));

test('what comes in one turn of the event loop shares a round trip, and each hears its own answer', async () => {
  const { batcher, batches, settle } = controlled();
  expect(values(await settle([1, 2, 3].map((call) => batcher.do(call))))).toEqual([2, 4, 6]);
  expect(batches).toEqual([[1, 2, 3]]);
});

test('what comes while a batch is under way goes with the next one', async () => {
  const { batcher, batches, settle } = controlled();
  const first = batcher.do(1);
  await new Promise((resume) => setImmediate(resume));
  const later = [2, 3].map((call) => batcher.do(call));
  await settle([first, ...later]);
  expect(batches).toEqual([[1], [2, 3]]);
});

test('a batch has at most so many calls', async () => {
  const { batcher, batches, settle } = controlled(2);
  await settle([1, 2, 3].map((call) => batcher.do(call)));
  expect(batches).toEqual([[1, 2], [3]]);
});

test('one that is refused fails alone', async () => {
  const { batcher, settle } = controlled();
  expect(values(await settle([1, 13, 3].map((call) => batcher.do(call))))).toEqual([2, 'refused', 6]);
});

test('one that cannot even be sent does not fail those that came with it', async () => {
  const { batcher, batches, settle } = controlled();
  expect(values(await settle([1, 0, 3].map((call) => batcher.do(call))))).toEqual([2, 'cannot be sent', 6]);
  expect(batches).toEqual([[1, 0, 3], [1], [0], [3]]);
});

test('a store that is away fails all of a batch at once', async () => {
  const { batcher, batches, settle } = controlled();
  expect(values(await settle([1, -1, 3].map((call) => batcher.do(call))))).toEqual(['away', 'away', 'away']);
  expect(batches).toEqual([[1, -1, 3]]);
});

test('a batch that hangs does not keep others waiting', async () => {
  const batches: number[][] = [];
  const batcher = new Batcher<number, number>((calls) => {
    batches.push(calls);
    return batches.length === 1
      ? new Promise(() => undefined)
      : Promise.resolve(calls.map((result) => ({ result })));
  });
  void batcher.do(1);
  await new Promise((resume) => setImmediate(resume));
  expect(await Promise.all([batcher.do(2), batcher.do(3)])).toEqual([2, 3]);
  expect(batches).toEqual([[1], [2, 3]]);
});
