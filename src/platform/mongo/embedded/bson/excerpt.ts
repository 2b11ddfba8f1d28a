import { valueAt } from './decode';
import { endOfValue, nameAt } from './layout';
import { LightMap } from './light-map';
import type { Value } from './value';

/** Some fields of a document, by the places of their names. */
class Excerpt extends LightMap {
  constructor(
    private readonly names: readonly string[],
    private readonly found: readonly (Value | undefined)[],
  ) {
    super();
  }

  override get(key: string): Value | undefined {
    if (this.entriesMade) return this.entriesMade.get(key);
    const at = this.names.indexOf(key);
    return at < 0 ? undefined : this.found[at];
  }

  protected make(): Map<string, Value> {
    const made = new Map<string, Value>();
    for (const [at, name] of this.names.entries()) {
      const value = this.found[at];
      if (value !== undefined) made.set(name, value);
    }
    return made;
  }
}

const ascii = /^[\x01-\x7f]*$/;

/** Can excerpts be of these fields? */
export const canExcerpt = (names: readonly string[]): boolean => names.every((name) => ascii.test(name));

/** Reads these fields. Nothing of the bytes is kept. */
export function excerptOf(names: readonly string[]): (bytes: Buffer, length: number) => Map<string, Value> {
  const count = names.length;
  const codes = names.map((name) => Buffer.from(`${name}\0`, 'latin1'));
  return (bytes, length) => {
    const found: (Value | undefined)[] = [];
    for (let place = 0; place < count; place++) found.push(undefined);
    let missing = count;
    for (let at = 4; missing > 0 && at < length - 1;) {
      const type = bytes[at] as number;
      let value = at + 1;
      while (bytes[value++] !== 0);
      const next = endOf(type, bytes, value);
      for (let place = 0; place < count; place++) {
        if (found[place] !== undefined || !startsAt(codes[place] as Buffer, bytes, at + 1)) continue;
        found[place] = ownValueAt(type, bytes, value, next);
        missing--;
        break;
      }
      at = next;
    }
    return new Excerpt(names, found);
  };
}

function startsAt(code: Buffer, bytes: Buffer, from: number): boolean {
  for (let at = 0; at < code.length; at++) if (code[at] !== bytes[from + at]) return false;
  return true;
}

/** Where a value ends: what most are, without a call. */
function endOf(type: number, bytes: Buffer, at: number): number {
  switch (type) {
    case 0x10:
      return at + 4;
    case 0x01:
    case 0x09:
    case 0x12:
      return at + 8;
    case 0x02:
      return at + 4 + intAt(bytes, at);
    case 0x03:
    case 0x04:
      return at + intAt(bytes, at);
    default:
      return endOfValue(type, bytes, at);
  }
}

const intAt = (bytes: Buffer, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24);

const document = 0x03;
const list = 0x04;
const text = 0x02;
const date = 0x09;

function ownValueAt(type: number, bytes: Buffer, from: number, to: number): Value {
  // The same few texts are in many documents.
  if (type === text) return nameAt(bytes, from + 4, to - 1);
  if (type === date) return new Date((intAt(bytes, from) >>> 0) + intAt(bytes, from + 4) * 2 ** 32);
  if (type !== document && type !== list) return valueAt(type, bytes, from, to);
  const own = Buffer.from(bytes.subarray(from, to));
  return valueAt(type, own, 0, own.length);
}
