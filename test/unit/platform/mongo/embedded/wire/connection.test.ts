import { serialize, deserialize, type Document } from 'bson';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedStore } from '../../../../../../src/platform/mongo/embedded';

let folder: string;
let store: Awaited<ReturnType<typeof startEmbeddedStore>>;
let socket: Socket;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-wire-'));
  store = await startEmbeddedStore({ dataDir: folder, inWorker: false });
});
beforeEach(async () => {
  socket = connect(decodeURIComponent(/mongodb:\/\/([^/]+)\//.exec(store.url)?.[1] ?? ''));
  await once(socket, 'connect');
});
afterEach(() => void socket.destroy());
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const moreToCome = 2;
function message(id: number, doc: Document, flags = 0): Buffer {
  const body = Buffer.from(serialize(doc));
  const head = Buffer.alloc(21);
  [head.length + body.length, id, 0, 2013, flags].forEach((value, at) => head.writeInt32LE(value, at * 4));
  return Buffer.concat([head, body]);
}

/** So many answers, by the number of the request that each is for. */
async function answers(count: number): Promise<Map<number, Document>> {
  const found = new Map<number, Document>();
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    while (bytes.length >= 4 && bytes.length >= bytes.readInt32LE(0)) {
      const length = bytes.readInt32LE(0);
      found.set(bytes.readInt32LE(8), deserialize(bytes.subarray(21, length)));
      bytes = bytes.subarray(length);
    }
    if (found.size >= count) break;
  }
  return found;
}

test('what follows a write that wants no answer sees it', async () => {
  const insert = { insert: 'rows', documents: [{ _id: 1 }], $db: 'wire' };
  socket.write(Buffer.concat([message(1, insert, moreToCome), message(2, { count: 'rows', $db: 'wire' })]));
  const [[id, answer] = []] = await answers(1);
  expect([id, answer?.['n'], answer?.['ok']]).toEqual([2, 1, 1]);
});

test('each of several requests at once gets the answer to it', async () => {
  const requests = [5, 6, 7].map((id) => message(id, { [id === 6 ? 'nonsense' : 'ping']: 1, $db: 'wire' }));
  socket.write(Buffer.concat(requests));
  const got = await answers(3);
  expect([5, 6, 7].map((id) => got.get(id)?.['ok'])).toEqual([1, 0, 1]);
  expect(got.get(6)).toMatchObject({ code: 59, codeName: 'CommandNotFound' });
});

test('bytes that are no message close the connection, and only that', async () => {
  const closed = once(socket, 'close');
  socket.resume();
  socket.write(Buffer.alloc(16, 255));
  await closed;
  socket = connect(
    socket.remoteAddress ?? decodeURIComponent(/mongodb:\/\/([^/]+)\//.exec(store.url)?.[1] ?? ''),
  );
  socket.write(message(1, { ping: 1, $db: 'wire' }));
  expect((await answers(1)).get(1)).toMatchObject({ ok: 1 });
});
