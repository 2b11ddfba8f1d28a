import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { compilePipeline } from '../../../../../../src/platform/mongo/embedded/aggregation/pipeline';
import { plainEnvironment } from '../../../../../../src/platform/mongo/embedded/query/environment';
import { encode } from '../../../../../../src/platform/mongo/embedded/bson/encode';

const map = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));
const docs = Array.from({ length: 4_000 }, (_unused, at) =>
  map({ _id: at, group: `g${(at * 7_919) % 1_500}`, ...(at % 3 === 0 && { n: at }) }),
);

function group(spec: Doc, memory: { limitBytes: number; mayUseDisk: boolean }): Doc[] {
  const environment = { ...plainEnvironment, memory };
  const run = compilePipeline([map({ $group: spec })], {
    environment,
    read: () => [],
    run: () => [],
  });
  return [...run(docs)].filter((doc) => doc !== null);
}
const spec = map({
  _id: '$group',
  count: map({ $sum: 1 }),
  least: map({ $min: '$n' }),
  last: map({ $last: '$n' }),
});
/** The order of groups says nothing. */
const asSet = (found: Doc[]): string[] => found.map((doc) => encode(doc).toString('latin1')).sort();

test('more groups than memory may hold are grouped all the same, what is missing included', () => {
  const inMemory = group(spec, { limitBytes: 100_000_000, mayUseDisk: false });
  expect(inMemory).toHaveLength(1_500);
  for (const limitBytes of [100_000, 10_000])
    expect(asSet(group(spec, { limitBytes, mayUseDisk: true }))).toEqual(asSet(inMemory));
});

test('where no file may be used they are refused as MongoDB refuses them', () => {
  expect(() => group(spec, { limitBytes: 10_000, mayUseDisk: false })).toThrow(
    expect.objectContaining({ code: 292, codeName: 'QueryExceededMemoryLimitNoDiskUseAllowed' }),
  );
});

test('a list that holds more than may be held is refused, for a file cannot help it', () => {
  const everything = map({ _id: null, all: map({ $push: '$$ROOT' }) });
  expect(() => group(everything, { limitBytes: 50_000, mayUseDisk: true })).toThrow(
    expect.objectContaining({ code: 146, codeName: 'ExceededMemoryLimit' }),
  );
});

test('of a group whose first or greatest few are asked for only those are held', () => {
  const few = map({
    _id: null,
    first: map({ $firstN: map({ input: '$_id', n: 2 }) }),
    greatest: map({ $maxN: map({ input: '$_id', n: 2 }) }),
    top: map({ $topN: map({ n: 2, sortBy: map({ _id: -1 }), output: '$_id' }) }),
    bottom: map({ $bottom: map({ sortBy: map({ _id: -1 }), output: '$_id' }) }),
  });
  const [made] = group(few, { limitBytes: 10_000, mayUseDisk: false });
  expect(Object.fromEntries(made ?? [])).toEqual({
    _id: null,
    first: [0, 1],
    greatest: [3_999, 3_998],
    top: [3_999, 3_998],
    bottom: 0,
  });
});
