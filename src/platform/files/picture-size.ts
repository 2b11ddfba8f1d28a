/** Width and height as the head of a picture tells them; null where it tells none. */
export function pictureSize(bytes: Buffer): { width: number; height: number } | null {
  const at = (text: string, from: number) =>
    bytes.subarray(from, from + text.length).toString('latin1') === text;
  if (bytes.length < 30) return null;
  if (at('IHDR', 12)) return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  if (at('GIF8', 0)) return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  if (at('VP8X', 12)) return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (at('VP8 ', 12))
    return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (at('VP8L', 12)) {
    const bits = bytes.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  return at('\xff\xd8', 0) ? jpegSize(bytes) : null;
}

/** The first frame header; what stands before it is skipped by its length. */
function jpegSize(bytes: Buffer): { width: number; height: number } | null {
  for (let from = 2; from + 9 <= bytes.length && bytes[from] === 0xff;) {
    const marker = bytes[from + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: bytes.readUInt16BE(from + 7), height: bytes.readUInt16BE(from + 5) };
    from += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(from + 2);
  }
  return null;
}
