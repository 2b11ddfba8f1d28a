import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { targetsOf } from '../../../../../../src/platform/mongo/embedded/commands/targets';
import { plainEnvironment } from '../../../../../../src/platform/mongo/embedded/query/environment';
import { Slices } from '../../../../../../src/platform/mongo/embedded/storage/slices';
import { storeForEachTest } from '../../../../../support/command-runner';

const { run, context } = storeForEachTest();

const map = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));
beforeEach(() => run({ insert: 'rows', documents: [1, 2, 3].map((_id) => ({ _id, n: 1 })) }));

/** Goes through what matches `n: 1`; after the first the slice is over, and `between` is a command of another. */
async function through(limit: number, between: () => Promise<unknown>): Promise<unknown[]> {
  const { engine } = context();
  const slices = new Slices(engine);
  const query = {
    filter: map({ n: 1 }),
    sort: [],
    skip: 0,
    limit,
    hint: undefined,
    environment: plainEnvironment,
  };
  const targets = targetsOf({ engine, namespace: 'db.rows', query, slices });
  const given: unknown[] = [];
  const step = () =>
    engine.table.transaction(() => {
      slices.count++;
      for (;;) {
        const { value, done } = targets.next();
        if (done) return true;
        if (value === null) return false;
        given.push(Number(String(value.stored.doc.get('_id'))));
      }
    });
  let isDone = await step();
  await between();
  while (!isDone) isDone = await step();
  return given;
}

test('all that match are given, each once', async () => {
  expect(await through(0, async () => undefined)).toEqual([1, 2, 3]);
});

test('what another has changed so that it no longer matches is passed over, and so is what is gone', async () => {
  const given = await through(0, async () => {
    await run({ update: 'rows', updates: [{ q: { _id: 2 }, u: { $set: { n: 2 } } }] });
    await run({ delete: 'rows', deletes: [{ q: { _id: 3 }, limit: 1 }] });
  });
  expect(given).toEqual([1]);
});

test('a collection that took the place of the one that was searched is not touched', async () => {
  const given = await through(0, async () => {
    await run({ drop: 'rows' });
    await run({ insert: 'rows', documents: [{ _id: 9, n: 1 }] });
  });
  expect(given).toEqual([1]);
});

test('of one that is wanted no second is given', async () => {
  expect(await through(1, async () => undefined)).toEqual([1]);
});
