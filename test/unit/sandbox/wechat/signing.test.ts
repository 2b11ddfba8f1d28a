import { decrypt, encrypt } from '../../../../src/sandbox/wechat/encryption';
import { sha1OfSorted } from '../../../../src/sandbox/wechat/signature';

const receivedEncrypted =
  'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==';

describe("the sandbox's own WeChat cryptography", () => {
  it("encrypts Tencent's demo message to Tencent's ciphertext", () => {
    const encrypted = encrypt(
      'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
      'wxb11529c136998cb6',
      '我是中文abcd123',
      Buffer.from('aaaabbbbccccdddd'),
    );
    expect(encrypted).toBe(
      'jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==',
    );
  });

  it("signs and decrypts Tencent's sample message", () => {
    expect(sha1OfSorted('QDG6eK', '1409659813', '1372623149', receivedEncrypted)).toBe(
      '477715d11cdb4164915debcba66cb864d751f3e6',
    );
    const { message, appId } = decrypt('jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', receivedEncrypted);
    expect(message).toContain('<Content><![CDATA[hello]]></Content>');
    expect(appId).toBe('wx5823bf96d3bd56c7');
  });

  it('pads a message that fills its block by a whole block more', () => {
    const key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
    const message = 'x'.repeat(64 - 20 - 'wx'.length);
    const encrypted = encrypt(key, 'wx', message);
    expect(Buffer.from(encrypted, 'base64')).toHaveLength(96);
    expect(decrypt(key, encrypted)).toEqual({ message, appId: 'wx' });
  });
});
