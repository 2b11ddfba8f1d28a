import { LazyDocument } from '../bson/lazy-document';
import { isDoc, isNumber, toDouble, type Value } from '../bson/value';

/** What a sort or a group may hold in memory, and whether it may go on in a file. */
export interface Memory {
  limitBytes: number;
  mayUseDisk: boolean;
}

/** MongoDB's limit, and since 6.0 its default. */
export const defaultMemory: Memory = { limitBytes: 100 * 1024 * 1024, mayUseDisk: true };

export const memoryOf = (allowDiskUse: Value | undefined, outer: Memory): Memory => ({
  ...outer,
  mayUseDisk: isNumber(allowDiskUse) ? toDouble(allowDiskUse) !== 0 : allowDiskUse !== false,
});

const perValue = 16;
const perEntry = 48;
const perDocument = 200;

/** About how many bytes a value takes in memory. */
export function weigh(value: Value | undefined): number {
  if (typeof value === 'string') return perValue + value.length;
  if (value === null || typeof value !== 'object') return perValue;
  if (value instanceof LazyDocument && !value.isWhole) return perDocument + value.end - value.start;
  let bytes = perEntry;
  if (isDoc(value)) for (const [key, item] of value) bytes += perEntry + key.length + weigh(item);
  else if (Array.isArray(value)) for (const item of value) bytes += weigh(item);
  else bytes += bytesInside(value);
  return bytes;
}

/** Binary values and documents that are kept as bytes. */
function bytesInside(value: object): number {
  const { position, bytes } = value as { position?: number; bytes?: Uint8Array };
  return position ?? bytes?.length ?? 0;
}
