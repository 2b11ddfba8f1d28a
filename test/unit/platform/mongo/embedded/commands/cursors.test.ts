import { Cursors, idleMs } from '../../../../../../src/platform/mongo/embedded/commands/cursors';
import { Turns } from '../../../../../../src/platform/mongo/embedded/commands/turns';

let now = 0;
let held = 0;
let cursors: Cursors;
beforeEach(() => {
  [now, held] = [0, 0];
  cursors = new Cursors(() => now, new Turns(() => undefined));
});

/** A search that holds something as long as it stands still. */
function* search(whileRead: () => void = () => undefined): Generator<Buffer> {
  held++;
  try {
    for (let at = 0; at < 300; at++) {
      whileRead();
      yield Buffer.from([at % 256]);
    }
  } finally {
    held--;
  }
}

test('what a search holds is let go when it is read to its end', async () => {
  const { id } = await cursors.begin('a.b', search());
  expect(held).toBe(1);
  expect((await cursors.next(id, 'a.b', null)).id).toBe(0n);
  expect([held, cursors.count]).toEqual([0, 0]);
});

test('and when it is killed while it stands still', async () => {
  const { id } = await cursors.begin('a.b', search());
  expect(cursors.kill(id)).toBe(true);
  expect([held, cursors.count]).toEqual([0, 0]);
});

test('and when it is killed while it is read', async () => {
  let id = 0n;
  ({ id } = await cursors.begin(
    'a.b',
    search(() => {
      if (id) cursors.kill(id);
    }),
  ));
  await cursors.next(id, 'a.b', 50);
  expect([held, cursors.count]).toEqual([0, 0]);
});

test('and when nobody asks for ten minutes, unless it was to stay', async () => {
  await cursors.begin('a.b', search());
  await cursors.begin('a.b', search(), { neverExpires: true });
  now += idleMs + 1;
  cursors.forgetIdle();
  expect([held, cursors.count]).toEqual([1, 1]);
});

test('and when only one batch was wanted, and when the store closes', async () => {
  await cursors.begin('a.b', search(), { isSingle: true });
  expect(held).toBe(0);
  await cursors.begin('a.b', search());
  cursors.close();
  expect([held, cursors.count]).toEqual([0, 0]);
});
