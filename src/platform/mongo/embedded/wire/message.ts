import { decode } from '../bson/decode';
import { encode } from '../bson/encode';
import type { Doc, Value } from '../bson/value';

export const opMsg = 2013;
export const opQuery = 2004;
export const headerBytes = 16;
export const largestMessage = 48_000_000;

export interface Header {
  requestId: number;
  /** Answered in the old form: the first hello of some drivers. */
  isQuery: boolean;
}
export interface Request {
  /** The sender wants no answer. */
  isSilent: boolean;
  body: Doc;
}

/** @throws RangeError for a message of another protocol. */
export function readHeader(message: Buffer): Header {
  const opCode = message.readInt32LE(12);
  if (opCode !== opQuery && opCode !== opMsg) throw new RangeError(`opcode ${opCode}`);
  return { requestId: message.readInt32LE(4), isQuery: opCode === opQuery };
}

/** Reads one whole message. @throws RangeError for one that is malformed, StoreError for a value that cannot be. */
export function readMessage(message: Buffer, { isQuery }: Header): Request {
  if (isQuery) return { isSilent: false, body: queryBody(message) };
  const flags = message.readUInt32LE(headerBytes);
  if ((flags & 0xffff & ~0x3) !== 0) throw new RangeError('flags');
  const end = (flags & 1) === 1 ? message.length - 4 : message.length;
  return { isSilent: (flags & 2) === 2, body: sections(message, headerBytes + 4, end) };
}

/** Kind 0 is the body; kind 1 a list of documents that belongs into it. */
function sections(message: Buffer, start: number, end: number): Doc {
  let body: Doc | null = null;
  const lists = new Map<string, Value[]>();
  for (let at = start; at < end;) {
    const kind = message[at++];
    const size = message.readInt32LE(at);
    if (size < 5 || at + size > end) throw new RangeError('section size');
    const part = message.subarray(at, at + size);
    if (kind === 0) body = decode(part);
    else if (kind === 1) readList(part, lists);
    else throw new RangeError('section kind');
    at += size;
  }
  if (!body) throw new RangeError('no body');
  for (const [name, docs] of lists) body.set(name, docs);
  return body;
}

function readList(part: Buffer, lists: Map<string, Value[]>): void {
  const nameEnd = part.indexOf(0, 4);
  if (nameEnd < 0) throw new RangeError('no name');
  const docs: Value[] = [];
  for (let at = nameEnd + 1; at < part.length;) {
    const size = part.readInt32LE(at);
    if (size < 5 || at + size > part.length) throw new RangeError('document size');
    docs.push(decode(part.subarray(at, at + size)));
    at += size;
  }
  lists.set(part.toString('utf8', 4, nameEnd), docs);
}

function queryBody(message: Buffer): Doc {
  const nameEnd = message.indexOf(0, headerBytes + 4);
  if (nameEnd < 0) throw new RangeError('no name');
  const name = message.toString('utf8', headerBytes + 4, nameEnd);
  const body = decode(message.subarray(nameEnd + 9));
  body.set('$db', name.split('.')[0] ?? 'admin');
  return body;
}

const msgHeadBytes = headerBytes + 5;
const queryHeadBytes = headerBytes + 20;

/** An answer as one piece, for one write. */
export function writeMessage({ requestId, isQuery }: Header, answer: Doc): Buffer {
  const headBytes = isQuery ? queryHeadBytes : msgHeadBytes;
  const message = encode(answer, headBytes).fill(0, 0, headBytes);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(requestId, 8);
  message.writeInt32LE(isQuery ? 1 : opMsg, 12);
  if (isQuery) {
    message.writeInt32LE(8, headerBytes);
    message.writeInt32LE(1, headerBytes + 16);
  }
  return message;
}
