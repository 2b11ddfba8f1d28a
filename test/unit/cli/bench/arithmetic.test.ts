import { arrivalTimes, seeded } from '../../../../src/cli/bench/parts/arrivals';
import {
  geometricMean,
  growthExponent,
  percentile,
  slopeOf,
  spreadOf,
} from '../../../../src/cli/bench/parts/percentiles';
import { figure, tableOf } from '../../../../src/cli/bench/parts/table';
import { selfTimes, selfTimesByPart } from '../../../../src/cli/bench/path/self-times';

test.each([
  [0.5, 50],
  [0.99, 99],
  [1, 100],
  [0, 1],
])('the %d percentile of 1 to 100 is %i', (share, expected) => {
  expect(
    percentile(
      Array.from({ length: 100 }, (_unused, index) => index + 1),
      share,
    ),
  ).toBe(expected);
});

test('what was never answered is slower than everything', () => {
  const { p50, p99, count } = spreadOf([3, NaN, 1, 2, NaN]);
  expect([count, p50, p99]).toEqual([5, 3, Infinity]);
  expect(spreadOf([]).p50).toBeNaN();
});

test('growth is told as the exponent of the size', () => {
  const sizes = [1_000, 10_000, 100_000];
  expect(growthExponent(sizes.map((size) => ({ size, time: 5 })))).toBeCloseTo(0);
  expect(growthExponent(sizes.map((size) => ({ size, time: size / 7 })))).toBeCloseTo(1);
  expect(geometricMean([1, 4, 16])).toBeCloseTo(4);
});

test('growth over time is a straight line through all that was seen', () => {
  const seen = [
    { x: 0, y: 101 },
    { x: 1, y: 101 },
    { x: 2, y: 107 },
    { x: 3, y: 107 },
  ];
  expect(slopeOf(seen)).toBeCloseTo(2.4);
});

test('constant arrivals keep their distance, and Poisson arrivals their rate', () => {
  const random = seeded(7);
  expect([...arrivalTimes('constant', { perSecond: 200, count: 4, random })]).toEqual([0, 5, 10, 15]);
  const times = arrivalTimes('poisson', { perSecond: 200, count: 20_000, random });
  const gaps = times.subarray(1).map((time, index) => time - (times[index] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  // Exponential gaps: the deviation is the mean.
  expect(mean).toBeGreaterThan(4.85);
  expect(mean).toBeLessThan(5.15);
  expect(deviation / mean).toBeGreaterThan(0.95);
  expect(deviation / mean).toBeLessThan(1.05);
  expect(gaps.every((gap) => gap >= 0)).toBe(true);
});

test('the same seed gives the same arrivals', () => {
  const load = (seed: number) => [
    ...arrivalTimes('poisson', { perSecond: 9, count: 5, random: seeded(seed) }),
  ];
  expect(load(3)).toEqual(load(3));
  expect(load(3)).not.toEqual(load(4));
});

test('a table can stand in a document as it was printed', () => {
  const lines = tableOf('Cost', ['what', 'ms'], [['a', figure(1.234)], ['bb', figure(NaN)]]).split('\n'); // prettier-ignore
  expect(lines).toEqual([
    '### Cost',
    '',
    '| what |   ms |',
    '| ---- | ---: |',
    '| a    | 1.23 |',
    '| bb   |    - |',
  ]);
  expect([figure(Infinity), figure(123.4), figure(12.34)]).toEqual(['never', '123', '12.3']);
});

test('self times are shares of the time in which the thread did something', () => {
  const node = (id: number, functionName: string, url = '') => ({
    id,
    callFrame: { functionName, url, lineNumber: 4, columnNumber: 0 },
  });
  const profile = {
    nodes: [
      node(1, '(idle)'),
      node(2, 'parse', 'file:///app/dist/routes/a.js'),
      node(3, '', '/app/node_modules/bson/b.js'),
    ],
    samples: [1, 2, 3, 2],
    timeDeltas: [90_000, 2_000, 1_000, 1_000],
  };
  expect(selfTimes(profile, '/app')).toEqual([
    { name: 'parse dist/routes/a.js:5', ms: 3, share: 0.75 },
    { name: '(anonymous) bson/b.js:5', ms: 1, share: 0.25 },
  ]);
  expect(selfTimesByPart(profile, '/app').map(({ name, ms }) => [name, ms])).toEqual([
    ['routes', 3],
    ['bson', 1],
  ]);
});
