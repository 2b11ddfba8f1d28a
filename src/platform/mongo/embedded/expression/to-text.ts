import type { ObjectId } from 'bson';
import { isNumber, typeNumber, type Value } from '../bson/value';

/** A value as `$toString` writes it; null for what cannot be written. */
export function toText(value: Value): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (isNumber(value)) return String(value);
  return typeNumber(value) === 7 ? (value as ObjectId).toHexString() : null;
}
