import { largest } from '../../../src/knowledge/sparse';

test.each([
  [[], []],
  [[0, 0, 0], []],
  [
    [0.1, 0.5, 0, 0.3],
    [1, 3, 0],
  ],
  [
    [0.5, 0.2, 0.5, 0.5, 0.9],
    [4, 0, 2],
  ],
  [
    [0.1, 0.2, 0.3, 0.4, 0.5],
    [4, 3, 2],
  ],
  [[NaN, 0.2], [1]],
])('the three largest of %j are at %j, of equal ones the first', (numbers, places) => {
  expect(largest(Float64Array.from(numbers), 3)).toEqual(places);
});
