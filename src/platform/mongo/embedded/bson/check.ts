import { StoreError } from '../error';
import { endOfName, endOfValue } from './layout';

const deepest = 180;
const lastMomentMs = 8_640_000_000_000_000n;

/**
 * Goes once through a document that came from outside, so that what reads it later need not doubt it.
 * Answers how deep it is nested. @throws StoreError for bytes that are no BSON document.
 */
export function checkDocument(bytes: Buffer, at = 0, end = bytes.length): number {
  try {
    return checkElements(bytes, at, end, 1);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(22, 'These bytes are no BSON document');
  }
}

function checkElements(bytes: Buffer, start: number, end: number, depth: number): number {
  if (depth > deepest) throw new StoreError(15, 'Nested too deep');
  if (bytes.readInt32LE(start) !== end - start || end > bytes.length || bytes[end - 1] !== 0)
    throw new RangeError('length of a document');
  let deepestInside = depth;
  let at = start + 4;
  while (at < end - 1) {
    const type = bytes[at] as number;
    const value = endOfName(bytes, at + 1) + 1;
    const next = endOfValue(type, bytes, value);
    if (next < value || next > end - 1) throw new RangeError('past the end');
    if (type === 0x03 || type === 0x04)
      deepestInside = Math.max(deepestInside, checkElements(bytes, value, next, depth + 1));
    else checkValue(type, bytes, value, next);
    at = next;
  }
  return deepestInside;
}

function checkValue(type: number, bytes: Buffer, at: number, end: number): void {
  if ((type === 0x02 || type === 0x0d || type === 0x0e) && (end - at < 5 || bytes[end - 1] !== 0))
    throw new RangeError('end of a text');
  if (type === 0x05 && end - at < 5) throw new RangeError('length of binary data');
  if (type === 0x0c && end - at < 17) throw new RangeError('length of a pointer');
  if (type === 0x0f && end - at < 14) throw new RangeError('length of code');
  if (type === 0x09) checkDate(bytes.readBigInt64LE(at));
}

/** BSON holds moments that JavaScript's dates do not. */
function checkDate(ms: bigint): void {
  if (ms > lastMomentMs || ms < -lastMomentMs)
    throw new StoreError(2, 'A date beyond the year 275760 is not supported');
}
