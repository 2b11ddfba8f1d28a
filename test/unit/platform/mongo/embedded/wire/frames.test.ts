import { Frames } from '../../../../../../src/platform/mongo/embedded/wire/frames';

/** A message of so many bytes, each of them its number. */
function message(bytes: number, number: number): Buffer {
  const all = Buffer.alloc(bytes, number);
  all.writeInt32LE(bytes, 0);
  return all;
}
const all = Buffer.concat([message(21, 1), message(400, 2), message(22, 3)]);

test.each([1, 3, 4, 15, 16, 17, 21, 100, 443])(
  'what comes %i bytes at a time is cut into the same messages',
  (size) => {
    const frames = new Frames();
    const cut: Buffer[] = [];
    for (let at = 0; at < all.length; at += size) cut.push(...frames.add(all.subarray(at, at + size)));
    expect(Buffer.concat(cut)).toEqual(all);
    expect(cut.map(({ length }) => length)).toEqual([21, 400, 22]);
  },
);

test('a message is given as soon as its last byte is there, and not before', () => {
  const frames = new Frames();
  expect([...frames.add(all.subarray(0, 20))]).toHaveLength(0);
  expect([...frames.add(all.subarray(20, 21))]).toHaveLength(1);
});

test.each([
  ['smaller than a header with an empty document', 20],
  ['larger than 48,000,000 bytes', 48_000_001],
  ['negative', -1],
])('a length that is %s is refused before its bytes have come', (_name, length) => {
  const head = Buffer.alloc(16);
  head.writeInt32LE(length, 0);
  expect(() => [...new Frames().add(head)]).toThrow(RangeError);
});

test('the largest message is waited for', () => {
  const head = Buffer.alloc(16);
  head.writeInt32LE(48_000_000, 0);
  expect([...new Frames().add(head)]).toHaveLength(0);
});
