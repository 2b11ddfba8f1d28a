import { randomBytes } from 'node:crypto';
import type { Signer } from '../../platform/secrets';

export const newVisitorId = (): string => randomBytes(16).toString('base64url');

const livesMs = 30 * 24 * 3_600_000;

/** Who a visitor is, signed by us: `{visitorId}.{issuedAtMs}.{signature}`, good on one account for 30 days. */
export class VisitorTokens {
  constructor(private readonly signer: Signer) {}

  issue(accountId: string, now: Date, visitorId = newVisitorId()): string {
    const issuedAtMs = String(now.getTime());
    return [visitorId, issuedAtMs, this.signer.sign(signed(accountId, visitorId, issuedAtMs))].join('.');
  }

  /** The visitor's id; null for a token that is forged, another account's, or too old. */
  read(accountId: string, token: string, now: Date): string | null {
    const [visitorId = '', issuedAtMs = '', signature = '', ...more] = token.split('.');
    if (more.length > 0 || !this.signer.verify(signed(accountId, visitorId, issuedAtMs), signature))
      return null;
    return Number(issuedAtMs) + livesMs > now.getTime() ? visitorId : null;
  }
}

const signed = (accountId: string, visitorId: string, issuedAtMs: string): string =>
  [accountId, visitorId, issuedAtMs].join('|');
