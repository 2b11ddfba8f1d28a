import type { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Int32, ObjectId, Timestamp } from 'bson';
import { isDoc, typeNumber, type Doc, type Value } from './value';

/** Writes a document as BSON, in its own order and with its own types. */
export function encode(doc: Doc): Buffer {
  const parts: Buffer[] = [];
  writeElements([...doc], parts);
  return framed(parts);
}

function framed(parts: Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 5);
  return Buffer.concat([int32(length), ...parts, Buffer.of(0)], length);
}

function writeElements(entries: [string, Value][], parts: Buffer[]): void {
  for (const [key, value] of entries) {
    const { type, body } = bodyOf(value);
    parts.push(Buffer.of(type), Buffer.from(key, 'utf8'), Buffer.of(0), body);
  }
}

const bsonType: Record<number, number> = { [-1]: 0xff, 127: 0x7f };

function bodyOf(value: Value): { type: number; body: Buffer } {
  const type = typeNumber(value);
  return { type: bsonType[type] ?? type, body: bytesOf(type, value) };
}

function bytesOf(type: number, value: Value): Buffer {
  switch (type) {
    case 1:
      return double(value as number);
    case 2:
      return string(value as string);
    case 3:
      return isDoc(value) ? encode(value) : encode(new Map());
    case 4: {
      const parts: Buffer[] = [];
      writeElements(
        (value as Value[]).map((item, index) => [String(index), item]),
        parts,
      );
      return framed(parts);
    }
    case 5: {
      const { buffer, position, sub_type } = value as Binary;
      return Buffer.concat([int32(position), Buffer.of(sub_type), Buffer.from(buffer.subarray(0, position))]);
    }
    case 7:
      return Buffer.from((value as ObjectId).id);
    case 8:
      return Buffer.of(value === true ? 1 : 0);
    case 9:
      return int64(BigInt((value as Date).getTime()));
    case 11:
      return Buffer.from(`${(value as BSONRegExp).pattern}\0${(value as BSONRegExp).options}\0`, 'utf8');
    case 13:
      return string(String((value as Code).code));
    case 14:
      return string((value as BSONSymbol).value);
    case 16:
      return int32((value as Int32).value);
    case 17:
      return int64(BigInt.asIntN(64, BigInt((value as Timestamp).toString())));
    case 18:
      return int64(value as bigint);
    case 19:
      return Buffer.from((value as Decimal128).bytes);
    default:
      return Buffer.alloc(0);
  }
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([int32(bytes.length + 1), bytes, Buffer.of(0)]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleLE(value);
  return bytes;
}
