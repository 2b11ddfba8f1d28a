import { randomBytes } from 'node:crypto';
import { decrypt, encrypt } from '../../../../src/channels/wechat/crypto';
import { openEnvelope } from '../../../../src/channels/wechat/envelope';
import { isSigned, signatureOf } from '../../../../src/channels/wechat/signature';
import { textOf } from '../../../../src/channels/wechat/xml';

/** Tencent's published sample of the encrypted scheme; the receiver stands where an official account has its app id. */
const sample = {
  token: 'QDG6eK',
  encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  appId: 'wx5823bf96d3bd56c7',
  encrypted:
    'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==',
};
/** Tencent's demo of an official account, with its random bytes. */
const demo = {
  token: 'pamtest',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  appId: 'wxb11529c136998cb6',
  plain: '我是中文abcd123',
  encrypted: 'jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==',
};

describe('published vectors', () => {
  test.each([
    [
      'a plain signature (the scheme as Weibo prints it)',
      ['xyz123xyz', '1397022061823', '57155157'],
      '90e4c22c90a58f26526c2dd5b6c56c8822edeaa1',
    ],
    [
      "Tencent's sample message",
      ['QDG6eK', '1409659813', '1372623149', sample.encrypted],
      '477715d11cdb4164915debcba66cb864d751f3e6',
    ],
    [
      "Tencent's address check",
      [
        'QDG6eK',
        '1409659589',
        '263014780',
        'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
      ],
      '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
    ],
    [
      "Tencent's demo of an official account",
      ['pamtest', '1409304348', 'xxxxxx', demo.encrypted],
      '82c962d39941aa48552f90ef55aa323dc620cc10',
    ],
  ])('%s', (_what, parts, signature) => {
    expect(signatureOf(...parts)).toBe(signature);
  });

  test("Tencent's demo is decrypted, and encrypted to the same bytes", () => {
    expect(decrypt(demo.encrypted, demo.encodingAesKey, demo.appId)).toBe(demo.plain);
    const random = Buffer.from('aaaabbbbccccdddd');
    expect(encrypt(demo.plain, demo.encodingAesKey, demo.appId, random)).toBe(demo.encrypted);
  });

  test("Tencent's sample message opens as a whole envelope", () => {
    const query = new URLSearchParams({
      msg_signature: '477715d11cdb4164915debcba66cb864d751f3e6',
      timestamp: '1409659813',
      nonce: '1372623149',
      encrypt_type: 'aes',
    });
    const body = `<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[${sample.encrypted}]]></Encrypt></xml>`;
    const fields = openEnvelope({ ...sample, appSecret: 's', apiBaseUrl: 'http://x' }, query, body);
    expect([textOf(fields, 'Content'), textOf(fields, 'MsgId')]).toEqual(['hello', '4561255354251345929']);
  });

  test("Tencent's echo string opens", () => {
    const echo = 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==';
    expect(decrypt(echo, sample.encodingAesKey, sample.appId)).toBe('1616140317555161061');
  });
});

const key = () =>
  randomBytes(48)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, 'x')
    .slice(0, 42) + 'A';

test.each([0, 1, 11, 12, 13, 31, 32, 33, 500])('a message of %i bytes survives both ways', (length) => {
  const [ours, text] = [key(), 'x'.repeat(length)];
  expect(decrypt(encrypt(text, ours, 'wx1'), ours, 'wx1')).toBe(text);
});

test.each([
  ['another key', (sealed: string) => decrypt(sealed, key(), 'wx1')],
  ['another account', (sealed: string, ours: string) => decrypt(sealed, ours, 'wx2')],
  ['a cut text', (sealed: string, ours: string) => decrypt(sealed.slice(0, 24), ours, 'wx1')],
  ['no blocks', (_sealed: string, ours: string) => decrypt('abc', ours, 'wx1')],
])('%s is refused', (_what, open) => {
  const ours = key();
  expect(() => open(encrypt('<xml></xml>', ours, 'wx1'), ours)).toThrow();
});

test('a signature without one of its parts is none', () => {
  expect(isSigned(signatureOf('t', '1'), 't', '1', null)).toBe(false);
  expect(isSigned(null, 't', '1', '2')).toBe(false);
  expect(isSigned(signatureOf('t', '1', '2'), 't', '1', '2')).toBe(true);
});

describe('modes', () => {
  const [ours, before] = [key(), key()];
  const account = { appId: 'wx1', appSecret: 's', token: 'tok', apiBaseUrl: 'http://x' };
  const xml = '<xml><FromUserName>o1</FromUserName></xml>';
  const plain = () => ({
    query: new URLSearchParams({ timestamp: '1', nonce: '2', signature: signatureOf('tok', '1', '2') }),
    body: xml,
  });
  const sealed = (withKey: string) => {
    const encrypted = encrypt(xml, withKey, 'wx1');
    const query = {
      timestamp: '1',
      nonce: '2',
      encrypt_type: 'aes',
      msg_signature: signatureOf('tok', '1', '2', encrypted),
    };
    return { query: new URLSearchParams(query), body: `<xml><Encrypt>${encrypted}</Encrypt></xml>` };
  };
  test.each([
    ['plain account, plain post', {}, plain, 'taken'],
    ['plain account, sealed post', {}, () => sealed(ours), 400],
    ['safe account, sealed post', { encodingAesKey: ours }, () => sealed(ours), 'taken'],
    ['safe account, plain post', { encodingAesKey: ours }, plain, 403],
    ['safe account, plain post, said again', { encodingAesKey: ours, mode: 'safe' as const }, plain, 403],
    ['compat account, plain post', { encodingAesKey: ours, mode: 'compat' as const }, plain, 'taken'],
    [
      'compat account, sealed post',
      { encodingAesKey: ours, mode: 'compat' as const },
      () => sealed(ours),
      'taken',
    ],
    [
      'sealed with the key before',
      { encodingAesKey: ours, previousEncodingAesKey: before },
      () => sealed(before),
      'taken',
    ],
    [
      'sealed with a key of nobody',
      { encodingAesKey: ours, previousEncodingAesKey: before },
      () => sealed(key()),
      403,
    ],
  ])('%s', (_what, more, post, expected) => {
    const { query, body } = post();
    const open = () => openEnvelope({ ...account, ...more }, query, body);
    if (expected === 'taken') return expect(textOf(open(), 'FromUserName')).toBe('o1');
    return expect(open).toThrow(expect.objectContaining({ status: expected }));
  });

  test('a sealed post whose text was changed is refused before it is opened', () => {
    const { query, body } = sealed(ours);
    const changed = body.replace(/<Encrypt>./, '<Encrypt>!');
    expect(() => openEnvelope({ ...account, encodingAesKey: ours }, query, changed)).toThrow(/signature/);
  });
});
