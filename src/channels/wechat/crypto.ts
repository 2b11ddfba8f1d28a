import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const blockBytes = 32;
const keyOf = (encodingAesKey: string): Buffer => Buffer.from(`${encodingAesKey}=`, 'base64');

/**
 * Opens a message of the safe mode: AES-256-CBC, PKCS#7 to 32 bytes, `16 random | length | message | appid`.
 * @throws when the key or the app id is not ours.
 */
export function decrypt(encrypted: string, encodingAesKey: string, appId: string): string {
  const key = keyOf(encodingAesKey);
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  if (padding < 1 || padding > blockBytes || padding > padded.length - 20)
    throw new Error('The padding is wrong.');
  const plain = padded.subarray(16, padded.length - padding);
  const length = plain.readUInt32BE(0);
  if (length > plain.length - 4) throw new Error('The length is wrong.');
  if (plain.subarray(4 + length).toString('utf8') !== appId)
    throw new Error('It was meant for another account.');
  return plain.subarray(4, 4 + length).toString('utf8');
}

/** The other direction, for passive replies. */
export function encrypt(
  message: string,
  encodingAesKey: string,
  appId: string,
  random = randomBytes(16),
): string {
  const key = keyOf(encodingAesKey);
  const text = Buffer.from(message, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const plain = Buffer.concat([random, length, text, Buffer.from(appId, 'utf8')]);
  const padding = blockBytes - (plain.length % blockBytes);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(padding, padding)),
    cipher.final(),
  ]).toString('base64');
}
