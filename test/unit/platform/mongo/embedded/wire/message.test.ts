import { serialize, deserialize, type Document } from 'bson';
import type { Doc, Value } from '../../../../../../src/platform/mongo/embedded/bson/value';
import {
  readHeader,
  readMessage,
  writeMessage,
} from '../../../../../../src/platform/mongo/embedded/wire/message';

/** MongoDB's manual, reference/mongodb-wire-protocol: OP_MSG, OP_QUERY and OP_REPLY. */
const moreToCome = 2;
const checksumPresent = 1;

const bytesOf = (doc: Document): Buffer => Buffer.from(serialize(doc));
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};
function framed(opCode: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([int32(16 + body.length), int32(7), int32(0), int32(opCode), body]);
}
const opMsg = (flags: number, ...parts: Buffer[]) => framed(2013, int32(flags), ...parts);
const body = (doc: Document) => Buffer.concat([Buffer.of(0), bytesOf(doc)]);
function list(name: string, ...docs: Document[]): Buffer {
  const content = Buffer.concat([Buffer.from(`${name}\0`), ...docs.map(bytesOf)]);
  return Buffer.concat([Buffer.of(1), int32(content.length + 4), content]);
}
const read = (message: Buffer) => readMessage(message, readHeader(message));
const plain = (doc: Value | undefined): unknown => (doc instanceof Map ? Object.fromEntries(doc) : doc);

test('the body is a section, and lists of documents are put into it by name', () => {
  const { body: doc, isSilent } = read(
    opMsg(0, list('documents', { a: 'x' }, { a: 'y' }), body({ insert: 'c', $db: 'd' }), list('more')),
  );
  expect(isSilent).toBe(false);
  expect([...doc.keys()]).toEqual(['insert', '$db', 'documents', 'more']);
  expect((doc.get('documents') as Doc[]).map(plain)).toEqual([{ a: 'x' }, { a: 'y' }]);
  expect(doc.get('more')).toEqual([]);
});

test('a sender that says more is to come wants no answer', () => {
  expect(read(opMsg(moreToCome, body({ ping: 'x' }))).isSilent).toBe(true);
});

test('a checksum behind the sections is no section', () => {
  expect(plain(read(opMsg(checksumPresent, body({ ping: 'x' }), int32(5))).body)).toEqual({ ping: 'x' });
});

test('flags that may be ignored are, others are refused', () => {
  expect(plain(read(opMsg(1 << 16, body({ ping: 'x' }))).body)).toEqual({ ping: 'x' });
  expect(() => read(opMsg(1 << 2, body({ ping: 'x' })))).toThrow(RangeError);
});

test.each([
  ['no body', opMsg(0, list('documents'))],
  ['a section of an unknown kind', opMsg(0, Buffer.of(2), bytesOf({}))],
  ['a body that ends behind the message', opMsg(0, Buffer.of(0), int32(50), Buffer.of(0))],
  [
    'a list whose document ends behind it',
    opMsg(0, body({}), Buffer.of(1), int32(10), Buffer.from('a\0'), int32(9)),
  ],
  ['a list without the end of its name', opMsg(0, body({}), Buffer.of(1), int32(6), Buffer.from('ab'))],
  ['another protocol', framed(2012, bytesOf({}))],
])('%s is refused', (_name, message) => {
  expect(() => read(message)).toThrow(RangeError);
});

test('the first hello of some drivers is an OP_QUERY on a database', () => {
  const query = framed(
    2004,
    int32(0),
    Buffer.from('shop.$cmd\0'),
    int32(0),
    int32(1),
    bytesOf({ hello: 'x' }),
  );
  expect(plain(read(query).body)).toEqual({ hello: 'x', $db: 'shop' });
  expect(readHeader(query)).toEqual({ requestId: 7, isQuery: true });
});

test('an answer to OP_MSG names its request and holds one section', () => {
  const answer = writeMessage({ requestId: 7, isQuery: false }, new Map([['ok', 1]]));
  const [length, id, answersTo, opCode, flags] = [0, 4, 8, 12, 16].map((at) => answer.readInt32LE(at));
  expect({ length, id, answersTo, opCode, flags, kind: answer[20] }).toEqual({
    length: answer.length, id: 0, answersTo: 7, opCode: 2013, flags: 0, kind: 0,
  }); // prettier-ignore
  expect(deserialize(answer.subarray(21))).toEqual({ ok: 1 });
});

test('an answer to OP_QUERY is an OP_REPLY of one document', () => {
  const answer = writeMessage({ requestId: 7, isQuery: true }, new Map([['ok', 1]]));
  const [opCode, flags, startingFrom, returned] = [12, 16, 28, 32].map((at) => answer.readInt32LE(at));
  expect({ opCode, flags, startingFrom, returned }).toEqual({
    opCode: 1,
    flags: 8,
    startingFrom: 0,
    returned: 1,
  });
  expect(answer.readBigInt64LE(20)).toBe(0n);
  expect(deserialize(answer.subarray(36))).toEqual({ ok: 1 });
});
