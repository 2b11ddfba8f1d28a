import type {
  Binary, BSONRegExp, BSONSymbol, Code, DBRef, Decimal128, Int32, MaxKey, MinKey, ObjectId, Timestamp,
} from 'bson'; // prettier-ignore

/** A document in its own order; safe for keys such as `1` and `__proto__`. */
export type Doc = Map<string, Value>;

/**
 * A BSON value: a double is a number, a 64-bit integer a bigint, a 32-bit one an Int32.
 * JavaScript's `undefined` stands for a field that is missing.
 */
export type Value =
  | number | bigint | string | boolean | null | Date | Int32 | Decimal128 | ObjectId | Binary | Timestamp | BSONRegExp
  | BSONSymbol | Code | DBRef | MinKey | MaxKey | Undefined | RawDocument | Opaque | Doc | Value[]; // prettier-ignore

/** BSON's deprecated `undefined`, which is a value. */
export class Undefined {
  readonly _bsontype = 'Undefined';
}

/** A document as the bytes that it is: what only passes through is not read. */
export class RawDocument {
  readonly _bsontype = 'Raw';
  constructor(readonly bytes: Buffer) {}
}

/** A value of a type that nothing is done with but keeping it: a DBPointer (12) or code with a scope (15). */
export class Opaque {
  readonly _bsontype = 'Opaque';
  constructor(
    readonly type: number,
    readonly bytes: Buffer,
  ) {}
}

export const isDoc = (value: Value | undefined): value is Doc => value instanceof Map;

type Tagged = { _bsontype?: string };
const tagOf = (value: Value): string | undefined =>
  value !== null && typeof value === 'object' ? (value as Tagged)._bsontype : undefined;

/** MongoDB's number of a value's type, as `$type` knows it. */
export function typeNumber(value: Value): number {
  if (value === null) return 10;
  switch (typeof value) {
    case 'number':
      return 1;
    case 'string':
      return 2;
    case 'bigint':
      return 18;
    case 'boolean':
      return 8;
    default:
      return objectType(value as object as Value);
  }
}

const tags: Record<string, number> = {
  Binary: 5, Undefined: 6, ObjectId: 7, BSONRegExp: 11, Code: 13, BSONSymbol: 14, Int32: 16, Timestamp: 17,
  Decimal128: 19, MinKey: -1, MaxKey: 127, DBRef: 3,
}; // prettier-ignore

function objectType(value: Value): number {
  if (isDoc(value)) return 3;
  if (Array.isArray(value)) return 4;
  if (value instanceof Date) return 9;
  const known = tags[tagOf(value) ?? ''];
  if (known !== undefined) return known;
  if (value instanceof Opaque) return value.type;
  return 3;
}

export const typeAliases: Record<string, number[]> = {
  double: [1], string: [2], object: [3], array: [4], binData: [5], undefined: [6], objectId: [7], bool: [8], date: [9],
  null: [10], regex: [11], dbPointer: [12], javascript: [13], symbol: [14], javascriptWithScope: [15], int: [16], timestamp: [17], long: [18], decimal: [19],
  minKey: [-1], maxKey: [127], number: [1, 16, 18, 19],
}; // prettier-ignore

export function isNumber(value: Value | undefined): value is number | bigint | Int32 | Decimal128 {
  if (typeof value === 'number' || typeof value === 'bigint') return true;
  const tag = value === undefined ? undefined : tagOf(value);
  return tag === 'Int32' || tag === 'Decimal128';
}

/** A number as a double; exact for all that a comparison within 2^53 needs. */
export function toDouble(value: number | bigint | Int32 | Decimal128): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return typeNumber(value) === 16 ? (value as Int32).value : Number((value as Decimal128).toString());
}

export const isNaNValue = (value: Value): boolean => isNumber(value) && Number.isNaN(toDouble(value));
