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
import { StoreError } from '../error';
import { Opaque, Undefined, type Doc, type Value } from './value';

const deepest = 180;

/** Reads a BSON document. @throws StoreError for bytes that are none. */
export function decode(bytes: Buffer): Doc {
  const reader = new Reader(bytes);
  try {
    return reader.document(0);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(22, 'These bytes are no BSON document');
  }
}

class Reader {
  private at = 0;
  constructor(private readonly bytes: Buffer) {}

  document(depth: number): Doc {
    const doc: Doc = new Map();
    this.elements(depth, (key, value) => doc.set(key, value));
    return doc;
  }

  private array(depth: number): Value[] {
    const items: Value[] = [];
    this.elements(depth, (_key, value) => items.push(value));
    return items;
  }

  private elements(depth: number, take: (key: string, value: Value) => void): void {
    if (depth > deepest) throw new StoreError(15, 'Nested too deep');
    const end = this.at + this.int32();
    if (end > this.bytes.length) throw new RangeError('too long');
    for (let type = this.byte(); type !== 0; type = this.byte())
      take(this.cstring(), this.value(type, depth));
    if (this.at !== end) throw new RangeError('length');
  }

  private value(type: number, depth: number): Value {
    switch (type) {
      case 0x01:
        return this.take(8).readDoubleLE(0);
      case 0x02:
        return this.string();
      case 0x03:
        return this.document(depth + 1);
      case 0x04:
        return this.array(depth + 1);
      case 0x05:
        return this.binary();
      case 0x06:
        return new Undefined();
      case 0x07:
        return new ObjectId(Buffer.from(this.take(12)));
      case 0x08:
        return this.byte() === 1;
      case 0x09:
        return this.date();
      case 0x0a:
        return null;
      case 0x0b:
        return new BSONRegExp(this.cstring(), this.cstring());
      case 0x0c:
        return this.opaque(type, this.int32() + 12 + 4);
      case 0x0f:
        return this.opaque(type, this.int32());
      case 0x0d:
        return new Code(this.string());
      case 0x0e:
        return new BSONSymbol(this.string());
      case 0x10:
        return new Int32(this.int32());
      case 0x11:
        return new Timestamp(this.take(8).readBigUInt64LE(0));
      case 0x12:
        return this.int64();
      case 0x13:
        return new Decimal128(Buffer.from(this.take(16)));
      case 0x7f:
        return new MaxKey();
      case 0xff:
        return new MinKey();
      default:
        throw new RangeError(`type ${type}`);
    }
  }

  private binary(): Binary {
    const length = this.int32();
    const subType = this.byte();
    return new Binary(Buffer.from(this.take(length)), subType);
  }

  /** From its length on, which has been read already. */
  private opaque(type: number, length: number): Opaque {
    this.at -= 4;
    return new Opaque(type, Buffer.from(this.take(length)));
  }

  /** BSON holds moments that JavaScript's dates do not. */
  private date(): Date {
    const date = new Date(Number(this.int64()));
    if (Number.isNaN(date.getTime()))
      throw new StoreError(2, 'A date beyond the year 275760 is not supported');
    return date;
  }

  private string(): string {
    const length = this.int32();
    const text = this.take(length - 1).toString('utf8');
    this.byte();
    return text;
  }

  private cstring(): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new RangeError('no end');
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }

  private byte(): number {
    return this.take(1)[0] as number;
  }
  private int32(): number {
    return this.take(4).readInt32LE(0);
  }
  private int64(): bigint {
    return this.take(8).readBigInt64LE(0);
  }

  private take(count: number): Buffer {
    const end = this.at + count;
    if (count < 0 || end > this.bytes.length) throw new RangeError('past the end');
    const part = this.bytes.subarray(this.at, end);
    this.at = end;
    return part;
  }
}
