import { OneByOne } from '../../../../src/platform/work/one-by-one';

function pending(): { promise: Promise<void>; end(): void } {
  let end = (): void => undefined;
  return { promise: new Promise<void>((resolve) => (end = resolve)), end: () => end() };
}

test('works of one name wait for each other, and those of others do not', async () => {
  const works = new OneByOne();
  const order: string[] = [];
  const first = pending();
  const all = [
    works.run('a', async () => {
      order.push('first begins');
      await first.promise;
      order.push('first ends');
    }),
    works.run('a', async () => void order.push('second')),
    works.run('b', async () => void order.push('other')),
  ];
  await all[2];
  expect(order).toEqual(['first begins', 'other']);
  first.end();
  await Promise.all(all);
  expect(order).toEqual(['first begins', 'other', 'first ends', 'second']);
});

test('one that fails tells only who asked for it, and the next begins', async () => {
  const works = new OneByOne();
  const failed = works.run('a', () => Promise.reject(new RangeError('no')));
  const next = works.run('a', () => Promise.resolve('yes'));
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
