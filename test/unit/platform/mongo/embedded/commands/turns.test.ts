import { Turns } from '../../../../../../src/platform/mongo/embedded/commands/turns';

/** Every look at the clock is a millisecond later. */
beforeEach(() => {
  let now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now++);
});
afterEach(() => jest.restoreAllMocks());

function* numbers(count: number): Generator<number | null> {
  for (let at = 0; at < count; at++) {
    yield at;
    yield null;
  }
}

test('a turn is over after a few milliseconds, and begins again when it was given', async () => {
  let refreshed = 0;
  const turn = new Turns(() => refreshed++).begin();
  expect([turn.isOver(), turn.isOver(), turn.isOver(), turn.isOver()]).toEqual([false, false, false, false]);
  expect([turn.isOver(), turn.isOver()]).toEqual([true, true]);
  await turn.give();
  expect([turn.isOver(), refreshed]).toEqual([false, 1]);
});

test('everything of a long flow is there, and others were let in between', async () => {
  let turnsGiven = 0;
  const turns = new Turns(() => turnsGiven++);
  const order: string[] = [];
  const other = new Promise<void>((resolve) => setImmediate(() => resolve(void order.push('other'))));
  const all = turns.all(numbers(40)).then((items) => (order.push('long'), items));
  expect(await all).toEqual(Array.from({ length: 40 }, (_unused, at) => at));
  await other;
  expect(order).toEqual(['other', 'long']);
  expect(turnsGiven).toBe(16);
});

test('pulses are neither visited nor counted', async () => {
  const visited: number[] = [];
  expect(await new Turns(() => undefined).each(numbers(5), (item) => visited.push(item))).toBe(5);
  expect(visited).toEqual([0, 1, 2, 3, 4]);
  expect(await new Turns(() => undefined).sum([1, 2, 3])).toBe(6);
});

test('what a flow throws comes out, and the flow is closed', async () => {
  let isClosed = false;
  const flow = (function* () {
    try {
      yield* numbers(3);
    } finally {
      isClosed = true;
    }
  })();
  const fails = () => {
    throw new RangeError('no');
  };
  await expect(new Turns(() => undefined).each(flow, fails)).rejects.toThrow('no');
  expect(isClosed).toBe(true);
});
