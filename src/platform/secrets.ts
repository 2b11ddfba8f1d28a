import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** Keeps channel secrets unreadable in the store: AES-256-GCM, `v1.{keyId}.{iv}.{tag}.{data}`. */
export class SecretBox {
  private readonly key: Buffer;
  private readonly keyId: string;

  constructor(private readonly secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, 'parley', 'secret-box', 32));
    this.keyId = createHash('sha256').update(this.key).digest('hex').slice(0, 8);
  }

  encrypt(plain: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv);
    const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return ['v1', this.keyId, iv, cipher.getAuthTag(), data].map(encodePart).join('.');
  }

  decrypt(sealed: string): string {
    const [version, keyId, iv, tag, data] = sealed.split('.');
    if (version !== 'v1' || keyId !== this.keyId || !iv || !tag || data === undefined)
      throw new Error('This secret was sealed with another PARLEY_SECRET_KEY.');
    const decipher = createDecipheriv('aes-256-gcm', this.key, Buffer.from(iv, 'base64url'));
    decipher.setAuthTag(Buffer.from(tag, 'base64url'));
    return Buffer.concat([decipher.update(Buffer.from(data, 'base64url')), decipher.final()]).toString(
      'utf8',
    );
  }

  /** A key of its own for one purpose, so that a signature made for one is worth nothing for another. */
  signer(purpose: string): Signer {
    return new Signer(Buffer.from(hkdfSync('sha256', this.secret, 'parley', `sign:${purpose}`, 32)));
  }
}

/** Signs short strings with HMAC-SHA-256. */
export class Signer {
  constructor(private readonly key: Buffer) {}

  sign(value: string): string {
    return createHmac('sha256', this.key).update(value).digest('base64url');
  }

  verify(value: string, signature: string): boolean {
    return equalSecrets(this.sign(value), signature);
  }
}

/** Compares in a time that tells nothing about where they differ. */
export function equalSecrets(a: string, b: string): boolean {
  const left = createHash('sha256').update(a).digest();
  const right = createHash('sha256').update(b).digest();
  return timingSafeEqual(left, right);
}

const encodePart = (part: string | Buffer): string =>
  typeof part === 'string' ? part : part.toString('base64url');
