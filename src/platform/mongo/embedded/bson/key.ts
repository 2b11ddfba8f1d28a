import { createHash } from 'node:crypto';
import type { Binary, BSONRegExp, BSONSymbol, Code, ObjectId, Timestamp } from 'bson';
import { typeRank } from './compare';
import { doubleKey, numberKey } from './number-key';
import { isDoc, isNumber, type Value, type Opaque } from './value';

/** The longest key part; LMDB takes 1,978 bytes for the whole key. */
const longestPart = 500;

/**
 * Bytes whose order is the order of the values (up to what is cut off: readers check the document again).
 * A descending field's bytes are turned over.
 */
export function keyPart(value: Value, descending = false): Buffer {
  const whole = Buffer.concat([Buffer.of(typeRank(value) + 16), body(value), Buffer.of(0)]);
  const bytes = whole.length > longestPart ? cut(whole) : whole;
  return descending ? Buffer.from(bytes.map((byte) => 255 - byte)) : bytes;
}

/** Long values keep their beginning, for order, and a hash, for equality. */
function cut(bytes: Buffer): Buffer {
  const hash = createHash('sha256').update(bytes).digest();
  return Buffer.concat([bytes.subarray(0, longestPart - hash.length), hash]);
}

function body(value: Value): Buffer {
  if (isNumber(value)) return numberKey(value);
  if (typeof value === 'string') return escaped(Buffer.from(value, 'utf8'));
  if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0);
  if (value instanceof Date) return doubleKey(value.getTime());
  if (Array.isArray(value))
    return Buffer.concat([
      ...value.map((item) => Buffer.concat([Buffer.of(1), keyPart(item)])),
      Buffer.of(0),
    ]);
  if (isDoc(value)) return docKey([...value]);
  return value === null ? Buffer.alloc(0) : tagged(value);
}

function docKey(entries: [string, Value][]): Buffer {
  const parts = entries.map(([key, value]) =>
    Buffer.concat([Buffer.of(typeRank(value) + 16), escaped(Buffer.from(key)), keyPart(value)]),
  );
  return Buffer.concat([...parts, Buffer.of(0)]);
}

function tagged(value: object): Buffer {
  switch ((value as { _bsontype?: string })._bsontype) {
    case 'ObjectId':
      return Buffer.from((value as ObjectId).id);
    case 'Timestamp':
      return bigEndian(BigInt((value as Timestamp).toString()));
    case 'Binary': {
      const binary = value as Binary;
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(binary.position);
      return Buffer.concat([length, Buffer.of(binary.sub_type), Buffer.from(binary.value())]);
    }
    case 'BSONSymbol':
      return escaped(Buffer.from((value as BSONSymbol).value));
    case 'BSONRegExp':
      return Buffer.concat([
        escaped(Buffer.from((value as BSONRegExp).pattern)),
        escaped(Buffer.from((value as BSONRegExp).options)),
      ]);
    case 'Opaque':
      return escaped((value as Opaque).bytes);
    case 'Code':
      return escaped(Buffer.from(String((value as Code).code)));
    default:
      return Buffer.alloc(0);
  }
}

/** Zero bytes are marked, so that the end of a text sorts before anything that goes on. */
function escaped(bytes: Buffer): Buffer {
  if (!bytes.includes(0)) return Buffer.concat([bytes, Buffer.of(0)]);
  const out: number[] = [];
  for (const byte of bytes) out.push(...(byte === 0 ? [0, 255] : [byte]));
  return Buffer.from([...out, 0]);
}

function bigEndian(value: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
