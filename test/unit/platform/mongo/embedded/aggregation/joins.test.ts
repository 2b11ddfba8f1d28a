import type { Flow } from '../../../../../../src/platform/mongo/embedded/aggregation/flow';
import { compilePipeline } from '../../../../../../src/platform/mongo/embedded/aggregation/pipeline';
import { encode } from '../../../../../../src/platform/mongo/embedded/bson/encode';
import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { plainEnvironment } from '../../../../../../src/platform/mongo/embedded/query/environment';

const map = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));
const megabyte = 'x'.repeat(1024 * 1024);
const lookup = map({ $lookup: map({ from: 'others', localField: 'k', foreignField: 'k', as: 'a.found' }) });

/** Over one document; `others` is what belongs to it. */
function run(pipeline: Doc[], others: () => Flow, limitBytes = 100_000_000) {
  const environment = { ...plainEnvironment, memory: { limitBytes, mayUseDisk: true } };
  const stage = compilePipeline(pipeline, { environment, read: others, run: others });
  return stage([map({ _id: 1, k: 1 })]);
}

/** Counts how many were asked for. */
function counted(count: number, of: (at: number) => Doc) {
  const asked = { count: 0 };
  const flow = function* () {
    while (asked.count < count) yield of(asked.count++);
  };
  return { asked, flow };
}

test('what is found for one document is at most a document', () => {
  const { asked, flow } = counted(100, (at) => map({ _id: at, text: megabyte }));
  expect(() => [...run([lookup], flow)]).toThrow(expect.objectContaining({ code: 4568 }));
  expect(asked.count).toBe(17);
  const fits = counted(15, (at) => map({ _id: at, text: megabyte }));
  expect([...run([lookup], fits.flow)]).toHaveLength(1);
});

test('where the array is taken apart again, it is never made', () => {
  const unwind = map({ $unwind: '$a.found' });
  const { asked, flow } = counted(100, (at) => map({ _id: at, text: megabyte }));
  const [first] = run([lookup, unwind, map({ $limit: 1 })], flow);
  expect((first?.get('a') as Doc).get('found')).toEqual(map({ _id: 0, text: megabyte }));
  expect(asked.count).toBe(1);
  expect([
    ...run([lookup, unwind], counted(100, (at) => map({ _id: at, text: megabyte })).flow),
  ]).toHaveLength(100);
});

test.each<[string, number, Record<string, Value>, number]>([
  ['many', 3, { path: '$a.found' }, 3],
  ['none', 0, { path: '$a.found' }, 0],
  ['none, which is kept', 0, { path: '$a.found', preserveNullAndEmptyArrays: true }, 1],
  ['another field', 3, { path: '$a' }, 1],
])('and what comes of it is as if it had been: %s', (_what, count, unwind, given) => {
  const others = () => counted(count, (at) => map({ _id: at })).flow();
  const stage = map({ $unwind: map({ ...unwind, includeArrayIndex: 'at' }) });
  // With a stage between them that does nothing they are apart.
  const apart = [...run([lookup, map({ $skip: 0 }), stage], others)];
  expect(apart).toHaveLength(given);
  const bytesOf = (docs: Iterable<Doc | null>) => [...docs].map((doc) => doc && encode(doc).toString('hex'));
  expect(bytesOf(run([lookup, stage], others))).toEqual(bytesOf(apart));
});

test('a way from document to document is held up to the limit of memory', () => {
  const stage = map({
    $graphLookup: map({
      from: 'others',
      startWith: '$k',
      connectFromField: 'next',
      connectToField: '_id',
      as: 'way',
    }),
  });
  let at = 0;
  const chain = (most: number) => () => (at < most ? [map({ _id: ++at, next: at + 1, text: megabyte })] : []);
  expect(() => [...run([stage], chain(100), 8 * 1024 * 1024)]).toThrow(
    expect.objectContaining({ code: 40099 }),
  );
  expect(at).toBe(8);
  at = 0;
  const [found] = run([stage], chain(5), 8 * 1024 * 1024);
  expect((found?.get('way') as Doc[]).map((one) => one.get('_id'))).toEqual([1, 2, 3, 4, 5]);
});

test('a way in a circle ends, and names no document twice', () => {
  const stage = map({
    $graphLookup: map({
      from: 'others',
      startWith: '$k',
      connectFromField: 'next',
      connectToField: '_id',
      as: 'way',
    }),
  });
  const asked: Value[] = [];
  const others = (_name: string, filter: unknown): Flow => {
    const wanted = ((filter as Doc).get('_id') as Doc).get('$in') as number[];
    asked.push(wanted);
    return wanted.map((id) => map({ _id: id, next: [(id % 3) + 1, (id % 3) + 1] }));
  };
  const environment = plainEnvironment;
  const run = compilePipeline([stage], { environment, read: others, run: () => [] });
  const [found] = run([map({ _id: 9, k: 1 })]);
  expect((found?.get('way') as Doc[]).map((one) => one.get('_id'))).toEqual([1, 2, 3]);
  expect(asked).toEqual([[1], [2], [3], [1]]);
});
