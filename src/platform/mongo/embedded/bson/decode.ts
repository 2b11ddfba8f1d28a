import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Int32,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { checkDocument } from './check';
import { endOfName, endOfValue } from './layout';
import { LazyDocument } from './lazy-document';
import { Opaque, Undefined, type Doc, type Value } from './value';

/** A document that came from outside. @throws StoreError for bytes that are none. */
export function decode(bytes: Buffer): Doc {
  const depth = checkDocument(bytes);
  return new LazyDocument(bytes, 0, bytes.length, depth);
}

/** A document that has been checked: what the store wrote itself. */
export const decodeStored = (bytes: Buffer): Doc => new LazyDocument(bytes, 0, bytes.length);

/** The value at a place of bytes that have been checked. Documents in it are read when they are asked for. */
export function valueAt(type: number, bytes: Buffer, at: number, end: number): Value {
  switch (type) {
    case 0x01:
      return bytes.readDoubleLE(at);
    case 0x02:
      return bytes.toString('utf8', at + 4, end - 1);
    case 0x03:
      return new LazyDocument(bytes, at, end);
    case 0x04:
      return itemsAt(bytes, at, end);
    case 0x05:
      return new Binary(Buffer.from(bytes.subarray(at + 5, end)), bytes[at + 4]);
    case 0x06:
      return new Undefined();
    case 0x07:
      return new ObjectId(Buffer.from(bytes.subarray(at, end)));
    case 0x08:
      return bytes[at] === 1;
    case 0x09:
      return dateAt(bytes, at);
    case 0x0a:
      return null;
    case 0x0b:
      return regexAt(bytes, at, end);
    case 0x0c:
    case 0x0f:
      return new Opaque(type, Buffer.from(bytes.subarray(at, end)));
    case 0x0d:
      return new Code(bytes.toString('utf8', at + 4, end - 1));
    case 0x0e:
      return new BSONSymbol(bytes.toString('utf8', at + 4, end - 1));
    case 0x10:
      return new Int32(bytes.readInt32LE(at));
    case 0x11:
      return new Timestamp(bytes.readBigUInt64LE(at));
    case 0x12:
      return bytes.readBigInt64LE(at);
    case 0x13:
      return new Decimal128(Buffer.from(bytes.subarray(at, end)));
    case 0x7f:
      return new MaxKey();
    case 0xff:
      return new MinKey();
    default:
      throw new RangeError(`type ${type}`);
  }
}

function itemsAt(bytes: Buffer, start: number, end: number): Value[] {
  const items: Value[] = [];
  for (let at = start + 4; at < end - 1;) {
    const type = bytes[at] as number;
    const value = endOfName(bytes, at + 1) + 1;
    at = endOfValue(type, bytes, value);
    items.push(valueAt(type, bytes, value, at));
  }
  return items;
}

/** Milliseconds are whole and less than 2^53: no bigint is needed. */
const dateAt = (bytes: Buffer, at: number): Date =>
  new Date(bytes.readUInt32LE(at) + bytes.readInt32LE(at + 4) * 2 ** 32);

function regexAt(bytes: Buffer, at: number, end: number): BSONRegExp {
  const patternEnd = endOfName(bytes, at);
  return new BSONRegExp(
    bytes.toString('utf8', at, patternEnd),
    bytes.toString('utf8', patternEnd + 1, end - 1),
  );
}
