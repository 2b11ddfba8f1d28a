import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const BLOCK = 32;

/** AES-256-CBC of `16 random bytes | length (4 bytes, big endian) | message | appId`, padded to blocks of 32. */
export function encrypt(
  encodingAesKey: string,
  appId: string,
  message: string,
  random = randomBytes(16),
): string {
  const text = Buffer.from(message);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const cipher = createCipheriv('aes-256-cbc', ...keyAndIv(encodingAesKey)).setAutoPadding(false);
  const plain = padded(Buffer.concat([random, length, text, Buffer.from(appId)]));
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
}

/** The inverse; what the sandbox's own tests read its envelopes with. */
export function decrypt(encodingAesKey: string, encrypted: string): { message: string; appId: string } {
  const decipher = createDecipheriv('aes-256-cbc', ...keyAndIv(encodingAesKey)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()]);
  const end = plain.length - (plain.at(-1) ?? 0);
  const messageEnd = 20 + plain.readUInt32BE(16);
  return { message: plain.toString('utf8', 20, messageEnd), appId: plain.toString('utf8', messageEnd, end) };
}

function keyAndIv(encodingAesKey: string): [key: Buffer, iv: Buffer] {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  return [key, key.subarray(0, 16)];
}

/** PKCS#7 with WeChat's block of 32, not the cipher's 16. */
function padded(plain: Buffer): Buffer {
  const count = BLOCK - (plain.length % BLOCK);
  return Buffer.concat([plain, Buffer.alloc(count, count)]);
}
