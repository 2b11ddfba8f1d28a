import type { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Int32, ObjectId, Timestamp } from 'bson';
import { nameAt } from './layout';
import { LazyDocument } from './lazy-document';
import { isDoc, RawDocument, typeNumber, type Doc, type Opaque, type Value } from './value';

/** Documents are written here and copied out: one allocation for each. */
let scratch = Buffer.allocUnsafeSlow(64 * 1024);
let at = 0;
const largestKept = 4 * 1024 * 1024;

/** Writes a document as BSON, in its own order and with its own types, and leaves room for a head in front of it. */
export function encode(doc: Doc, headBytes = 0): Buffer {
  at = headBytes;
  writeDocument(doc);
  const bytes = Buffer.from(scratch.subarray(0, at));
  if (scratch.length > largestKept) scratch = Buffer.allocUnsafeSlow(64 * 1024);
  return bytes;
}

function room(bytes: number): void {
  if (at + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(scratch.length * 2, at + bytes));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}

function writeDocument(doc: Doc): void {
  if (doc instanceof LazyDocument && !doc.isWhole) return writeLazy(doc);
  const start = begin();
  for (const [key, value] of doc) writeElement(key, value);
  end(start);
}

/** What is still bytes is copied; what was set over it is written in its place, or behind. */
function writeLazy(doc: LazyDocument): void {
  const { bytes: source, changes } = doc;
  if (!changes) return copy(source, doc.start, doc.end);
  const start = begin();
  const behind = new Map(changes);
  let copied = doc.start + 4;
  doc.walk((_type, nameFrom, from, to) => {
    const name = nameAt(source, nameFrom, from - 1);
    const value = changes.get(name);
    if (value === undefined) return;
    copy(source, copied, nameFrom - 1);
    copied = to;
    if (behind.delete(name)) writeElement(name, value);
  });
  copy(source, copied, doc.end - 1);
  for (const [key, value] of behind) writeElement(key, value);
  end(start);
}

function copy(source: Buffer, from: number, to: number): void {
  room(to - from);
  at += source.copy(scratch, at, from, to);
}

function writeArray(items: Value[]): void {
  const start = begin();
  for (let index = 0; index < items.length; index++) writeElement(String(index), items[index] as Value);
  end(start);
}

/** The length is known at the end, and written at the beginning. */
function begin(): number {
  room(5);
  at += 4;
  return at - 4;
}

function end(start: number): void {
  byte(0);
  scratch.writeInt32LE(at - start, start);
}

const bsonType: Record<number, number> = { [-1]: 0xff, 127: 0x7f };

function writeElement(key: string, value: Value): void {
  const type = typeNumber(value);
  byte(bsonType[type] ?? type);
  writeCString(key);
  writeBody(type, value);
}

function writeBody(type: number, value: Value): void {
  switch (type) {
    case 1:
      room(8);
      scratch.writeDoubleLE(value as number, at);
      at += 8;
      return;
    case 2:
      return writeString(value as string);
    case 3:
      if (value instanceof RawDocument) return bytes(value.bytes);
      return writeDocument(isDoc(value) ? value : new Map());
    case 4:
      return writeArray(value as Value[]);
    case 5: {
      const { buffer, position, sub_type } = value as Binary;
      int32(position);
      byte(sub_type);
      return bytes(buffer.subarray(0, position));
    }
    case 7:
      return bytes((value as ObjectId).id);
    case 8:
      return byte(value === true ? 1 : 0);
    case 9:
      return int64(BigInt((value as Date).getTime()));
    case 11:
      writeCString((value as BSONRegExp).pattern);
      return writeCString((value as BSONRegExp).options);
    case 12:
    case 15:
      return bytes((value as Opaque).bytes);
    case 13:
      return writeString(String((value as Code).code));
    case 14:
      return writeString((value as BSONSymbol).value);
    case 16:
      return int32((value as Int32).value);
    case 17:
      return int64(BigInt.asIntN(64, BigInt((value as Timestamp).toString())));
    case 18:
      return int64(value as bigint);
    case 19:
      return bytes((value as Decimal128).bytes);
  }
}

function writeCString(text: string): void {
  writeText(text);
  byte(0);
}

function writeString(text: string): void {
  const start = begin();
  writeText(text);
  byte(0);
  scratch.writeInt32LE(at - start - 4, start);
}

const shortText = 32;

function writeText(text: string): void {
  room(text.length * 3);
  if (text.length <= shortText && writeAscii(text)) return;
  at += scratch.write(text, at, 'utf8');
}

/** Short texts are mostly ASCII, and written faster letter by letter. */
function writeAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 127) return false;
    scratch[at + index] = code;
  }
  at += text.length;
  return true;
}

function byte(value: number): void {
  room(1);
  scratch[at++] = value;
}

function bytes(value: Uint8Array): void {
  room(value.length);
  scratch.set(value, at);
  at += value.length;
}

function int32(value: number): void {
  room(4);
  at = scratch.writeInt32LE(value, at);
}

function int64(value: bigint): void {
  room(8);
  at = scratch.writeBigInt64LE(value, at);
}
