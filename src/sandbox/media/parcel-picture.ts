import { deflateSync } from 'node:zlib';

const WIDTH = 320;
const HEIGHT = 240;
type Colour = readonly [red: number, green: number, blue: number];

let drawn: Buffer | null = null;

/** A dented parcel on a table, as a customer would photograph it. PNG, 320 × 240. */
export function parcelPicture(): Buffer {
  drawn ??= encodePng(colourAt);
  return drawn;
}

function colourAt(x: number, y: number): Colour {
  if (isDent(x, y)) return [92, 62, 34];
  if (isTape(x, y)) return [226, 205, 160];
  if (isLabel(x, y)) return isPrint(x, y) ? [40, 44, 52] : [246, 246, 242];
  if (x > 70 && x < 250 && y > 80 && y < 200) return shade([181, 130, 78], (y - 80) / 500);
  if (isLid(x, y)) return [203, 155, 102];
  return y > 170 ? shade([120, 130, 140], (y - 170) / 400) : shade([214, 222, 228], y / 900);
}

const isLid = (x: number, y: number) => y > 50 && y <= 80 && x > 100 - (y - 50) && x < 220 + (y - 50);
const isTape = (x: number, y: number) =>
  (x > 150 && x < 170 && y > 50 && y < 110) || (y > 50 && y < 54 && x > 150 && x < 170);
const isLabel = (x: number, y: number) => x > 180 && x < 238 && y > 140 && y < 186;
const isPrint = (x: number, y: number) => y % 8 < 3 && x > 186 && x < 226 - (y % 3) * 6;
const isDent = (x: number, y: number) =>
  y > 120 && x + y < 232 + ((x * 7) % 9) && x > 70 && y < 200 && x < 112;

function shade([red, green, blue]: Colour, darker: number): Colour {
  const by = 1 - darker;
  return [red * by, green * by, blue * by];
}

function encodePng(colour: (x: number, y: number) => Colour): Buffer {
  const rows = Buffer.alloc(HEIGHT * (1 + WIDTH * 3));
  for (let y = 0; y < HEIGHT; y += 1)
    for (let x = 0; x < WIDTH; x += 1) rows.set(colour(x, y), y * (1 + WIDTH * 3) + 1 + x * 3);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(WIDTH, 0);
  head.writeUInt32BE(HEIGHT, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** CRC-32 as PNG wants it. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
