import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BSON } from 'bson';
import { startEmbeddedStore, type RunningStore } from '../../../../../../src/platform/mongo/embedded';

/** Types of https://bsonspec.org/spec.html that no driver writes any more, but that lie in old databases. */
const text = (value: string) => {
  const bytes = Buffer.from(`${value}\0`);
  const length = Buffer.alloc(4);
  length.writeInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const id = Buffer.from('65a000000000000000000001', 'hex');
const scoped = () => {
  const body = Buffer.concat([text('return x'), Buffer.from(BSON.serialize({ x: 1 }))]);
  const length = Buffer.alloc(4);
  length.writeInt32LE(body.length + 4);
  return Buffer.concat([length, body]);
};
/** Binary of subtype 2 holds its length a second time. */
const oldBinary = Buffer.from([7, 0, 0, 0, 2, 3, 0, 0, 0, 9, 8, 7]);

const types: [string, number, Buffer][] = [
  ['undefined', 0x06, Buffer.alloc(0)],
  ['a pointer to a document', 0x0c, Buffer.concat([text('db.things'), id])],
  ['a symbol', 0x0e, text('sym é')],
  ['code', 0x0d, text('return 1')],
  ['code with a scope', 0x0f, scoped()],
  ['a binary of the first kind', 0x05, oldBinary],
  ['a function as binary', 0x05, Buffer.from([1, 0, 0, 0, 1, 5])],
  ['a UUID of the old kind', 0x05, Buffer.concat([Buffer.from([16, 0, 0, 0, 3]), Buffer.alloc(16, 7)])],
];

let dataDir: string;
let store: RunningStore;
let socket: Socket;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-old-types-'));
  store = await startEmbeddedStore({ dataDir, inWorker: false });
  socket = connect(decodeURIComponent(/mongodb:\/\/([^/]+)\//.exec(store.url)?.[1] ?? ''));
});
afterAll(async () => {
  socket.destroy();
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** `{_id: name, value, list: [value], inside: {value}}`, byte by byte. */
function documentOf(name: string, type: number, value: Buffer): Buffer {
  const element = (key: string) => Buffer.concat([Buffer.of(type), Buffer.from(`${key}\0`), value]);
  const whole = (body: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeInt32LE(body.length + 5);
    return Buffer.concat([length, body, Buffer.of(0)]);
  };
  return whole(
    Buffer.concat([
      Buffer.concat([Buffer.of(2), Buffer.from('_id\0'), text(name)]),
      element('value'),
      Buffer.concat([Buffer.of(4), Buffer.from('list\0'), whole(element('0'))]),
      Buffer.concat([Buffer.of(3), Buffer.from('inside\0'), whole(element('value'))]),
    ]),
  );
}

/** One command on the wire, with documents as bytes. Answers the bytes of the reply's document. */
async function send(command: object, documents: Buffer[] = []): Promise<Buffer> {
  const list = Buffer.concat([Buffer.from('documents\0'), ...documents]);
  const size = Buffer.alloc(4);
  size.writeInt32LE(list.length + 4);
  const sections = [Buffer.of(0), BSON.serialize({ ...command, $db: 'test' })];
  if (documents.length > 0) sections.push(Buffer.of(1), size, list);
  const head = Buffer.alloc(20);
  const body = Buffer.concat(sections);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(2013, 12);
  let got = Buffer.alloc(0);
  const answer = new Promise<Buffer>((resolve, reject) => {
    const closed = () => reject(new Error('The connection was closed.'));
    socket.once('close', closed);
    socket.on('data', function take(chunk: Buffer) {
      got = Buffer.concat([got, chunk]);
      if (got.length < 4 || got.length < got.readInt32LE(0)) return;
      socket.off('data', take);
      socket.off('close', closed);
      resolve(got.subarray(21));
    });
  });
  socket.write(Buffer.concat([head, body]));
  return answer;
}

test.each(types)(
  '%s comes back byte for byte, and is found by its type and value',
  async (name, type, value) => {
    const document = documentOf(name, type, value);
    expect(BSON.deserialize(await send({ insert: 'old' }, [document]))).toMatchObject({ n: 1 });
    expect((await send({ find: 'old', filter: { _id: name } })).includes(document)).toBe(true);
    expect(
      (await send({ find: 'old', filter: { value: { $type: type }, _id: name } })).includes(document),
    ).toBe(true);
  },
);

test('they stay byte for byte when what is beside them changes, and stand in an index', async () => {
  await send({ createIndexes: 'changed', indexes: [{ key: { value: 1 }, name: 'value_1' }] });
  const documents = types.map((one) => documentOf(...one));
  expect(BSON.deserialize(await send({ insert: 'changed' }, documents))).toMatchObject({ n: types.length });
  const update = { q: {}, u: { $push: { list: 1 }, $unset: { inside: 1 } }, multi: true };
  expect(BSON.deserialize(await send({ update: 'changed', updates: [update] }))).toMatchObject({
    nModified: types.length,
  });
  const found = await send({ find: 'changed', filter: {}, hint: 'value_1', batchSize: 100 });
  for (const [, type, value] of types)
    for (const key of ['value', '0'])
      expect(found.includes(Buffer.concat([Buffer.of(type), Buffer.from(`${key}\0`), value]))).toBe(true);
});
