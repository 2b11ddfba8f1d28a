import { randomBytes } from 'node:crypto';
import type { WechatAccount } from '../options';
import type { Webhook } from '../platform-double';
import { encrypt } from './encryption';
import { originalId } from './acts';
import { sha1OfSorted } from './signature';
import { toXml } from './xml';

interface ToSign {
  account: WechatAccount;
  openid: string;
  xml: string;
  url: string;
  now: Date;
  asImpostor: boolean;
}

/** Signs as WeChat does: in the query, and in safe mode with the message encrypted. */
export function signedWebhook({ account, openid, xml, url, now, asImpostor }: ToSign): Webhook {
  const { token: ownToken, encodingAesKey, appId } = account.configuration;
  const token = asImpostor ? randomBytes(8).toString('hex') : ownToken;
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const nonce = String(randomBytes(4).readUInt32BE());
  const query = new URLSearchParams({
    signature: sha1OfSorted(token, timestamp, nonce),
    timestamp,
    nonce,
    openid,
  });
  const headers = { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0' };
  if (!encodingAesKey) return { url: `${url}?${query}`, headers, body: xml };

  const encrypted = encrypt(encodingAesKey, appId, xml);
  query.set('encrypt_type', 'aes');
  query.set('msg_signature', sha1OfSorted(token, timestamp, nonce, encrypted));
  const body = toXml({ ToUserName: originalId(account), Encrypt: encrypted });
  return { url: `${url}?${query}`, headers, body };
}
