import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import { compilePipeline } from '../../../../../../src/platform/mongo/embedded/aggregation/pipeline';
import { encode } from '../../../../../../src/platform/mongo/embedded/bson/encode';
import { plainEnvironment } from '../../../../../../src/platform/mongo/embedded/query/environment';

const map = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));
const docs = Array.from({ length: 2_000 }, (_unused, at) =>
  map({ _id: at, part: at % 7, n: (at * 7_919) % 2_000, text: `text ${(at * 31) % 500}` }),
);
const plenty = { limitBytes: 100_000_000, mayUseDisk: false };
const little = { limitBytes: 30_000, mayUseDisk: true };

interface Given {
  docs: Doc[];
  pulses: number;
  read: number;
}
function run(pipeline: Doc[], memory = plenty, input: Doc[] = docs): Given {
  const environment = { ...plainEnvironment, memory };
  const stage = compilePipeline(pipeline, { environment, read: () => [], run: () => [] });
  const given: Given = { docs: [], pulses: 0, read: 0 };
  const reading = function* () {
    for (const doc of input) {
      given.read++;
      yield doc;
    }
  };
  for (const doc of stage(reading()))
    if (doc) given.docs.push(doc);
    else given.pulses++;
  return given;
}
const bytesOf = (found: Doc[]): string[] => found.map((doc) => encode(doc).toString('latin1'));
/** Groups of one size come in any order. */
const inOrder = (name: string, bytes: string[]): string[] => (name === '$sortByCount' ? bytes.sort() : bytes);

const unbounded = { documents: ['unbounded', 'current'] };
const window = (operator: Doc, bounds?: Record<string, Value>): Doc =>
  new Map<string, Value>([...operator, ...(bounds ? [['window', map(bounds)] as const] : [])]);
const windows = map({
  partitionBy: '$part',
  sortBy: map({ n: 1 }),
  output: map({
    rank: map({ $rank: map({}) }),
    soFar: window(map({ $sum: '$n' }), unbounded),
    near: window(map({ $max: '$_id' }), { documents: [-2, 3] }),
    range: window(map({ $sum: 1 }), { range: [-50, 'current'] }),
    all: window(map({ $avg: '$n' })),
    next: map({ $shift: map({ output: '$_id', by: 1 }) }),
  }),
});
const densify = (bounds: Value, ...partitionByFields: string[]): Doc =>
  map({
    $densify: map({ field: 'n', partitionByFields, range: map({ step: 1, bounds }) }),
  });
const stages: [string, Doc][] = [
  ['$sortByCount', map({ $sortByCount: '$text' })],
  ['$bucketAuto', map({ $bucketAuto: map({ groupBy: '$n', buckets: 9 }) })],
  ['$setWindowFields', map({ $setWindowFields: windows })],
  ['$sort', map({ $sort: map({ n: -1 }) })],
  ['$densify', densify('full', 'part')],
];

describe('more than may be held in memory', () => {
  test.each(stages)('gives from a file what it gives in memory: %s', (name, stage) => {
    const inMemory = run([stage]);
    expect(inMemory.docs.length).toBeGreaterThan(8);
    const fromFile = run([stage], little);
    expect(inOrder(name, bytesOf(fromFile.docs))).toEqual(inOrder(name, bytesOf(inMemory.docs)));
  });

  test.each(stages)('is refused as MongoDB does where no file may be used: %s', (_name, stage) => {
    expect(() => run([stage], { ...little, mayUseDisk: false })).toThrow(
      expect.objectContaining({ code: 292, codeName: 'QueryExceededMemoryLimitNoDiskUseAllowed' }),
    );
  });

  test('is refused where a list of a bucket or of a window holds it', () => {
    const lists = map({ all: map({ $push: '$text' }) });
    const inBuckets = map({ $bucketAuto: map({ groupBy: '$n', buckets: 1, output: lists }) });
    const inWindows = map({ $setWindowFields: map({ output: lists }) });
    for (const stage of [inBuckets, inWindows])
      expect(() => run([stage], little)).toThrow(expect.objectContaining({ code: 146 }));
  });

  test('is refused where $facet would give it as one document', () => {
    const facet = map({ $facet: map({ all: [map({ $match: map({}) })] }) });
    expect(() => run([facet], little)).toThrow(expect.objectContaining({ code: 4031700 }));
    expect(run([facet]).docs[0]?.get('all')).toHaveLength(2_000);
  });
});

test.each([
  ...stages,
  [
    '$facet',
    map({ $facet: map({ n: [map({ $count: 'n' })], m: [map({ $sort: map({ n: 1 }) })] }) }),
  ] as const,
])('others can go in between: %s', (_name, stage) => {
  expect(run([stage]).pulses).toBeGreaterThan(9);
});

describe('$densify', () => {
  const rows = [
    map({ p: 'b', n: 4 }),
    map({ p: 'a', n: 1 }),
    map({ n: null }),
    map({ p: 'b', n: 2.5 }),
    map({ p: 'a', n: 3 }),
  ];
  const valuesOf = (bounds: Value, ...fields: string[]) =>
    run([densify(bounds, ...fields)], plenty, rows).docs.map((doc) => [doc.get('p') ?? null, doc.get('n')]);

  test('fills what is between the ends of all, or of each partition, or of what is said', () => {
    expect(valuesOf('full').map(([, n]) => n)).toEqual([1, 2, 2.5, 3, 4, null]);
    expect(valuesOf('partition', 'p')).toEqual([['b', 2.5], ['b', 3.5], ['b', 4], ['a', 1], ['a', 2], ['a', 3], [null, null]]); // prettier-ignore
    expect(valuesOf('full', 'p')).toEqual([['b', 1], ['b', 2], ['b', 2.5], ['b', 3], ['b', 4], ['a', 1], ['a', 2], ['a', 3], [null, null]]); // prettier-ignore
    expect(valuesOf([0, 3]).map(([, n]) => n)).toEqual([0, 1, 2, 2.5, 3, 4, null]);
  });

  test('makes a document when it is asked for, and no more than half a million', () => {
    const two = [map({ n: 0 }), map({ n: 1_000_000 })];
    const first = run([densify('full'), map({ $limit: 1_000 })], little, two);
    expect(first.docs.at(-1)).toEqual(map({ n: 999 }));
    expect(() => run([densify('full'), map({ $count: 'n' })], little, two)).toThrow(
      expect.objectContaining({ code: 5897900 }),
    );
  });

  test('is refused where its partitions are too many, and for what is no step', () => {
    expect(() => run([densify('full', '_id')], little)).toThrow(expect.objectContaining({ code: 6007200 }));
    for (const n of ['x', new Date(0)])
      expect(() => run([densify('full')], plenty, [map({ n })])).toThrow(
        expect.objectContaining({ code: 5733201 }),
      );
  });
});

test('a window over everything before is what one goes through by hand', () => {
  const partOf = (part: number) =>
    docs.filter((doc) => doc.get('part') === part).sort((a, b) => Number(a.get('n')) - Number(b.get('n')));
  const given = run([map({ $setWindowFields: windows })], little).docs;
  expect(given.map((doc) => doc.get('part'))).toEqual(
    [...given.map((doc) => Number(doc.get('part')))].sort(),
  );
  let at = 0;
  for (const part of [0, 1, 2, 3, 4, 5, 6]) {
    let soFar = 0;
    const rows = partOf(part);
    for (const [place, row] of rows.entries()) {
      const n = Number(row.get('n'));
      soFar += n;
      const doc = given[at++];
      expect(doc?.get('_id')).toBe(row.get('_id'));
      expect([doc?.get('rank'), doc?.get('soFar'), doc?.get('range')].map(Number)).toEqual([
        place + 1,
        soFar,
        rows.filter((one) => Number(one.get('n')) >= n - 50 && Number(one.get('n')) <= n).length,
      ]);
      expect(doc?.get('near')).toBe(
        Math.max(...rows.slice(Math.max(0, place - 2), place + 4).map((one) => Number(one.get('_id')))),
      );
      expect(doc?.get('next')).toBe(rows[place + 1]?.get('_id') ?? null);
    }
  }
});

test('windows that lie ahead, behind or nowhere have what is in them', () => {
  const rows = [1, 2, 3, 4, 5].map((n) => map({ _id: n }));
  const listed = (documents: Value[]) =>
    run(
      [
        map({
          $setWindowFields: map({
            sortBy: map({ _id: 1 }),
            output: map({ ids: window(map({ $push: '$_id' }), { documents }) }),
          }),
        }),
      ],
      plenty,
      rows,
    ).docs.map((doc) => doc.get('ids'));
  expect(listed([2, 3])).toEqual([[3, 4], [4, 5], [5], [], []]);
  expect(listed([-3, -2])).toEqual([[], [], [1], [1, 2], [2, 3]]);
  expect(listed([1, 'unbounded'])).toEqual([[2, 3, 4, 5], [3, 4, 5], [4, 5], [5], []]);
});

test('the pipelines of a $facet read together, and no further than they want', () => {
  const first = [map({ $limit: 3 }), map({ $project: map({ _id: 1 }) })];
  const { docs: given, read } = run([map({ $facet: map({ first, other: [map({ $limit: 150 })] }) })]);
  expect(bytesOf(given[0]?.get('first') as Doc[])).toEqual(bytesOf([0, 1, 2].map((_id) => map({ _id }))));
  expect(given[0]?.get('other')).toHaveLength(150);
  expect(read).toBe(200);
});

test('a sort whose first few are wanted holds no more than these, also with some passed over', () => {
  const noFile = { limitBytes: 200_000, mayUseDisk: false };
  const sort = map({ $sort: map({ n: -1 }) });
  expect(() => run([sort], noFile)).toThrow(expect.objectContaining({ code: 292 }));
  const page = run([sort, map({ $skip: 10 }), map({ $limit: 5 })], noFile);
  expect(page.docs.map((doc) => doc.get('n'))).toEqual([1989, 1988, 1987, 1986, 1985]);
});

test('a sample is of different documents, no more than there are', () => {
  const ids = run([map({ $sample: map({ size: 50 }) })]).docs.map((doc) => doc.get('_id'));
  expect(new Set(ids).size).toBe(50);
  expect(run([map({ $sample: map({ size: 5_000 }) })]).docs).toHaveLength(2_000);
});
