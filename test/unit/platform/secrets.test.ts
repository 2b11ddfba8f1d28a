import { randomBytes } from 'node:crypto';
import { equalSecrets, SecretBox } from '../../../src/platform/secrets';

const secret = randomBytes(32).toString('hex');

test('what was sealed opens again, and never looks the same twice', () => {
  const box = new SecretBox(secret);
  const [first, second] = [box.encrypt('令牌 token'), box.encrypt('令牌 token')];
  expect(first).not.toBe(second);
  expect(first).not.toContain('token');
  expect([box.decrypt(first), box.decrypt(second)]).toEqual(['令牌 token', '令牌 token']);
});

test('another key does not open it', () => {
  const sealed = new SecretBox(secret).encrypt('x');
  expect(() => new SecretBox(randomBytes(32).toString('hex')).decrypt(sealed)).toThrow(
    'another PARLEY_SECRET_KEY',
  );
});

test('a changed byte does not open', () => {
  const box = new SecretBox(secret);
  const sealed = box.encrypt('a longer secret');
  const end = sealed.endsWith('A') ? 'B' : 'A';
  expect(() => box.decrypt(sealed.slice(0, -2) + end + end)).toThrow();
});

test('a signature for one purpose is worth nothing for another', () => {
  const box = new SecretBox(secret);
  const signature = box.signer('visitor').sign('v1');
  expect(box.signer('visitor').verify('v1', signature)).toBe(true);
  expect(box.signer('file').verify('v1', signature)).toBe(false);
  expect(box.signer('visitor').verify('v2', signature)).toBe(false);
});

test('secrets of different lengths are unequal, not an error', () => {
  expect(equalSecrets('a', 'ab')).toBe(false);
  expect(equalSecrets('ab', 'ab')).toBe(true);
});
