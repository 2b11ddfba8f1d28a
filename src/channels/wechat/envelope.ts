import { badSignature, malformed } from '../host/failures';
import { decrypt } from './crypto';
import type { WechatConfiguration } from './definition';
import { isSigned } from './signature';
import { parseXml, textOf, type Fields } from './xml';

/** Checks the signature and, in safe mode, opens the envelope. @throws Forbidden, InvalidInput */
export function openEnvelope(
  configuration: WechatConfiguration,
  query: URLSearchParams,
  body: string | undefined,
): Fields {
  const [timestamp, nonce] = [query.get('timestamp'), query.get('nonce')];
  const { token, encodingAesKey, mode } = configuration;
  const isEncrypted = query.get('encrypt_type') === 'aes' || query.has('msg_signature');
  if (!isEncrypted) {
    if (!isSigned(query.get('signature'), token, timestamp, nonce)) throw badSignature();
    // With a key a plain post is somebody else's, unless the account says that both come.
    if (encodingAesKey && mode !== 'compat' && mode !== 'plain') throw badSignature();
    return parseXml(body);
  }
  const encrypted = encryptedPart(body);
  if (!isSigned(query.get('msg_signature'), token, timestamp, nonce, encrypted)) throw badSignature();
  return parseXml(open(configuration, encrypted));
}

/** Nothing can be checked without it, so a body that lacks it is not signed. */
function encryptedPart(body: string | undefined): string {
  try {
    return textOf(parseXml(body), 'Encrypt');
  } catch {
    throw badSignature();
  }
}

function open(
  { encodingAesKey, previousEncodingAesKey, appId }: WechatConfiguration,
  encrypted: string,
): string {
  for (const key of [encodingAesKey, previousEncodingAesKey]) {
    if (!key) continue;
    try {
      return decrypt(encrypted, key, appId);
    } catch {
      continue;
    }
  }
  throw encodingAesKey ? badSignature() : malformed('This account has no key for encrypted messages.');
}
