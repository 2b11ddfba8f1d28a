/** Keys are written here and copied out: one allocation for each. */
let scratch = Buffer.allocUnsafeSlow(4 * 1024);
let length = 0;

/** What `write` writes. Writers may be inside each other; each gets its own part. */
export function keyBytes(write: () => void): Buffer {
  const start = length;
  try {
    write();
    return Buffer.from(scratch.subarray(start, length));
  } finally {
    length = start;
  }
}

/** Where the next byte will be. */
export const placeInKey = (): number => length;

function room(bytes: number): void {
  if (length + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(scratch.length * 2, length + bytes));
  scratch.copy(larger, 0, 0, length);
  scratch = larger;
}

export function writeByte(value: number): void {
  room(1);
  scratch[length++] = value;
}

export function writeBytes(bytes: Uint8Array): void {
  room(bytes.length);
  scratch.set(bytes, length);
  length += bytes.length;
}

/** Zero bytes are marked, so that the end of a text sorts before anything that goes on. */
export function writeEscaped(bytes: Uint8Array): void {
  room(bytes.length * 2 + 1);
  for (const byte of bytes) {
    scratch[length++] = byte;
    if (byte === 0) scratch[length++] = 255;
  }
  scratch[length++] = 0;
}

export function writeText(text: string): void {
  room(text.length * 2 + 1);
  const start = length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0 || code > 127) {
      length = start;
      return writeEscaped(Buffer.from(text, 'utf8'));
    }
    scratch[length++] = code;
  }
  scratch[length++] = 0;
}

/** NaN sorts before every number, and both zeros are one. */
export function writeDouble(value: number): void {
  room(8);
  const start = length;
  length += 8;
  if (Number.isNaN(value)) return void scratch.fill(0, start, length);
  scratch.writeDoubleBE(value === 0 ? 0 : value, start);
  if (((scratch[start] as number) & 0x80) !== 0) turnOver(start);
  else scratch[start] = (scratch[start] as number) | 0x80;
}

/** From a place on, what was small is great. */
export function turnOver(from: number): void {
  for (let at = from; at < length; at++) scratch[at] = 255 - (scratch[at] as number);
}

/** Keeps so many bytes from a place on, and puts others behind them, made from all of them. */
export function shorten(from: number, kept: number, makeTail: (whole: Buffer) => Buffer): void {
  const tail = makeTail(scratch.subarray(from, length));
  length = from + kept;
  writeBytes(tail);
}
