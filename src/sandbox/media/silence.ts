/** AMR narrow band: frames of 20 ms at 12.2 kbit/s, each a header byte and 31 bytes of speech. */
export function silentAmr(seconds: number): Buffer {
  const frame = Buffer.alloc(32);
  frame[0] = 0x3c;
  return Buffer.concat([Buffer.from('#!AMR\n'), ...Array<Buffer>(seconds * 50).fill(frame)]);
}

const SERIAL = 0x50415243;
const SAMPLES_PER_FRAME = 960;
const opusSilence = Buffer.from([0xf8, 0xff, 0xfe]);

/** Opus in Ogg (RFC 7845): head, tags, then one page of silent 20 ms frames. */
export function silentOggOpus(seconds: number): Buffer {
  const frames = Array<Buffer>(Math.min(seconds * 50, 255)).fill(opusSilence);
  return Buffer.concat([
    oggPage({ flags: 2, sequence: 0, granule: 0, packets: [opusHead()] }),
    oggPage({ flags: 0, sequence: 1, granule: 0, packets: [opusTags()] }),
    oggPage({ flags: 4, sequence: 2, granule: frames.length * SAMPLES_PER_FRAME, packets: frames }),
  ]);
}

function opusHead(): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead');
  head[8] = 1;
  head[9] = 1;
  head.writeUInt32LE(48_000, 12);
  return head;
}

function opusTags(): Buffer {
  const vendor = Buffer.from('sandbox');
  const tags = Buffer.alloc(16 + vendor.length);
  tags.write('OpusTags');
  tags.writeUInt32LE(vendor.length, 8);
  vendor.copy(tags, 12);
  return tags;
}

interface OggPage {
  flags: number;
  sequence: number;
  granule: number;
  /** Each shorter than 255 bytes: one lacing value. */
  packets: Buffer[];
}

function oggPage({ flags, sequence, granule, packets }: OggPage): Buffer {
  const header = Buffer.alloc(27 + packets.length);
  header.write('OggS');
  header[5] = flags;
  header.writeBigUInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(SERIAL, 14);
  header.writeUInt32LE(sequence, 18);
  header[26] = packets.length;
  packets.forEach((packet, index) => (header[27 + index] = packet.length));
  const page = Buffer.concat([header, ...packets]);
  page.writeUInt32LE(oggChecksum(page), 22);
  return page;
}

/** CRC-32 with polynomial 0x04c11db7, neither reflected nor inverted. */
function oggChecksum(page: Buffer): number {
  let crc = 0;
  for (const byte of page) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}
