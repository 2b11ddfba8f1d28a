import { createHash } from 'node:crypto';
import type { Binary, BSONRegExp, BSONSymbol, Code, ObjectId, Timestamp } from 'bson';
import { typeRank } from './compare';
import {
  keyBytes,
  placeInKey,
  shorten,
  turnOver,
  writeByte,
  writeBytes,
  writeDouble,
  writeEscaped,
  writeText,
} from './key-writer';
import { writeNumber } from './number-key';
import { isDoc, isNumber, typeNumber, type Opaque, type Value } from './value';

/** LMDB takes 1,978 bytes for a key, of which 12 say the index and the record. */
const longestKey = 1_966;
const longestPart = 500;
const hashBytes = 32;

/** How many bytes one of so many parts of a key may have. */
export const longestOf = (parts: number): number => Math.min(longestPart, Math.floor(longestKey / parts));

/** Shorter bounds than this stand in no longer value's hash: they may begin or end a range. */
export const longestBoundOf = (longest: number): number => longest - hashBytes;

/**
 * Bytes whose order is the order of the values (up to what is cut off: readers check the document again).
 * A descending field's bytes are turned over.
 */
export const keyPart = (value: Value, descending = false, longest = longestPart): Buffer =>
  keyBytes(() => void writePart(value, descending, longest));

/** Equal values, of any type, have one text: to look them up by. */
export function keyText(value: Value): string {
  if (typeof value === 'string') return `"${value}`;
  return typeNumber(value) === 14 ? `"${(value as BSONSymbol).value}` : keyPart(value).toString('latin1');
}

/** Inside `keyBytes`: the part of a key that one value is. Answers whether it is too long to be there whole. */
export function writePart(value: Value, descending = false, longest = longestPart): boolean {
  const start = placeInKey();
  writeByte(typeRank(value) + 16);
  writeBody(value);
  writeByte(0);
  // Long values keep their beginning, for order, and a hash, for equality.
  const isTooLong = placeInKey() - start > longest;
  if (isTooLong) shorten(start, longest - hashBytes, sha256);
  if (descending) turnOver(start);
  return isTooLong;
}

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

function writeBody(value: Value): void {
  if (typeof value === 'string') return writeText(value);
  if (value === null) return;
  if (isNumber(value)) return writeNumber(value);
  if (typeof value === 'boolean') return writeByte(value ? 1 : 0);
  if (value instanceof Date) return writeDouble(value.getTime());
  if (Array.isArray(value)) {
    for (const item of value) {
      writeByte(1);
      writePart(item);
    }
    return writeByte(0);
  }
  if (!isDoc(value)) return writeTagged(value);
  for (const [key, item] of value) {
    writeByte(typeRank(item) + 16);
    writeText(key);
    writePart(item);
  }
  writeByte(0);
}

function writeTagged(value: object): void {
  switch ((value as { _bsontype?: string })._bsontype) {
    case 'ObjectId':
      return writeBytes((value as ObjectId).id);
    case 'Timestamp':
      return writeBytes(bigEndian(BigInt((value as Timestamp).toString())));
    case 'Binary': {
      const binary = value as Binary;
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(binary.position);
      writeBytes(length);
      writeByte(binary.sub_type);
      return writeBytes(binary.value());
    }
    case 'BSONSymbol':
      return writeText((value as BSONSymbol).value);
    case 'BSONRegExp':
      writeText((value as BSONRegExp).pattern);
      return writeText((value as BSONRegExp).options);
    case 'Opaque':
      return writeEscaped((value as Opaque).bytes);
    case 'Code':
      return writeText(String((value as Code).code));
    default:
      return;
  }
}

function bigEndian(value: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
