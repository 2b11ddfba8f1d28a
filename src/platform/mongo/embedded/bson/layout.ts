/** Where things lie in the bytes of BSON. Reading past the end throws Buffer's RangeError. */

/** Where a value ends that begins at `at`. @throws RangeError for a type that BSON does not have. */
export function endOfValue(type: number, bytes: Buffer, at: number): number {
  switch (type) {
    case 0x01:
    case 0x09:
    case 0x11:
    case 0x12:
      return at + 8;
    case 0x02:
    case 0x0d:
    case 0x0e:
      return at + 4 + bytes.readInt32LE(at);
    case 0x03:
    case 0x04:
    case 0x0f:
      return at + bytes.readInt32LE(at);
    case 0x05:
      return at + 5 + bytes.readInt32LE(at);
    case 0x07:
      return at + 12;
    case 0x08:
      return at + 1;
    case 0x06:
    case 0x0a:
    case 0x7f:
    case 0xff:
      return at;
    case 0x0b:
      return endOfName(bytes, endOfName(bytes, at) + 1) + 1;
    case 0x0c:
      return at + 4 + bytes.readInt32LE(at) + 12;
    case 0x10:
      return at + 4;
    case 0x13:
      return at + 16;
    default:
      throw new RangeError(`type ${type}`);
  }
}

/** The place of the zero byte that ends a field's name. */
export function endOfName(bytes: Buffer, at: number): number {
  let end = at;
  while (bytes[end] !== 0) if (++end >= bytes.length) throw new RangeError('no end of a name');
  return end;
}

const longestKept = 32;
const names: string[] = [];
const slots = 4_096;

/** A field's name. Collections have few names and many documents, so a text is made once for each. */
export function nameAt(bytes: Buffer, from: number, to: number): string {
  if (to - from > longestKept) return bytes.toString('utf8', from, to);
  let hash = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte > 127) return bytes.toString('utf8', from, to);
    hash = (hash * 31 + byte) | 0;
  }
  const slot = hash & (slots - 1);
  const known = names[slot];
  if (known !== undefined && isNameAt(known, bytes, from, to)) return known;
  return (names[slot] = bytes.toString('latin1', from, to));
}

/** Are these bytes this name? Only for names of ASCII. */
export function isNameAt(name: string, bytes: Buffer, from: number, to: number): boolean {
  if (name.length !== to - from) return false;
  for (let at = 0; at < name.length; at++) if (name.charCodeAt(at) !== bytes[from + at]) return false;
  return true;
}
