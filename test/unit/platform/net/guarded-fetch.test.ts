import type { LookupAddress } from 'node:dns';
import { createGuardedFetch, RefusedRequest } from '../../../../src/platform/net/guarded-fetch';
import { isPublicAddress } from '../../../../src/platform/net/public-address';
import { startPlatformStub, type PlatformStub } from '../../../support/platform-stub';

const limits = { timeoutMs: 5_000, maxBytes: 1_000 };

test.each([
  '127.0.0.1', '127.9.9.9', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1',
  '0.0.0.0', '224.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.2.1', '203.0.113.9', '::1', '::', 'fe80::1', 'fc00::1',
  'fd12:3456::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::',
  '2001:db8::1', '3fff::1', '::127.0.0.1', '::7f00:1', '::a9fe:a9fe', '::ffff:0:127.0.0.1', '0:0:0:0:0:ffff:7f00:1', '64:ff9b::127.0.0.1',
  '64:ff9b:1::7f00:1', '2001:0:7f00:1::', 'fe80::1%lo', 'fd00:ec2::254', '5f00::1', '1::', 'not an address', '',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
}); // prettier-ignore

test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '192.167.1.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

/** A name server that says what the test says. */
const answering = (...addresses: string[]) =>
  ((_name: string, _options: object, callback: (error: null, found: LookupAddress[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as never;

let stub: PlatformStub;
beforeEach(async () => {
  stub = await startPlatformStub(({ path }) => {
    if (path === '/big') return { bytes: Buffer.alloc(2_000) };
    return { json: { path } };
  });
});
afterEach(() => stub.close());

const reason = (error: unknown): unknown =>
  error instanceof RefusedRequest ? error : (error as { cause?: unknown }).cause;

test.each([
  ['loopback', 'http://127.0.0.1:9/'],
  ['a decimal host', 'http://2130706433/'],
  ['an octal host', 'http://0177.0.0.1/'],
  ['a hexadecimal host', 'http://0x7f.0.0.1/'],
  ['a short host', 'http://127.1/'],
  ['IPv6 loopback', 'http://[::1]/'],
  ['IPv4 inside IPv6', 'http://[::ffff:127.0.0.1]/'],
  ['the cloud’s metadata', 'http://169.254.169.254/latest/meta-data/'],
  ['a private network', 'https://192.168.0.1/'],
  ['a file', 'file:///etc/passwd'],
  ['data', 'data:text/plain,hi'],
  ['another protocol', 'ftp://example.test/'],
])('%s is not fetched', async (_what, url) => {
  await expect(createGuardedFetch([])(url, limits)).rejects.toThrow(RefusedRequest);
});

test.each([['127.0.0.1'], ['10.1.2.3'], ['::1'], ['::ffff:7f00:1']])(
  'a name that points to %s is not fetched',
  async (address) => {
    const fetch = createGuardedFetch([], answering(address));
    const error = await fetch(`http://innocent.test:${new URL(stub.url).port}/`, limits).catch(reason);
    expect(error).toBeInstanceOf(RefusedRequest);
    expect(stub.requests).toEqual([]);
  },
);

test('one private address among public ones is enough to refuse', async () => {
  const fetch = createGuardedFetch([], answering('8.8.8.8', '127.0.0.1'));
  expect(await fetch('http://innocent.test/', limits).catch(reason)).toBeInstanceOf(RefusedRequest);
});

test('an origin that the operator named is fetched, another port of the same host is not', async () => {
  const fetch = createGuardedFetch([stub.url]);
  expect((await fetch(`${stub.url}/a`, limits)).status).toBe(200);
  await expect(fetch('http://127.0.0.1:9/', limits)).rejects.toThrow(RefusedRequest);
});

test.each(['http://127.0.0.1:9/', 'http://[::1]/', 'file:///etc/passwd', 'http://2130706433/'])(
  'a redirect to %s is not followed',
  async (location) => {
    const redirecting = await startRedirect(location);
    try {
      await expect(createGuardedFetch([redirecting.url])(redirecting.url, limits)).rejects.toThrow(
        RefusedRequest,
      );
    } finally {
      await redirecting.close();
    }
  },
);

test('what was meant for one host is not told to another that it points to', async () => {
  const redirecting = await startPlatformStub(({ path }) =>
    path === '/here'
      ? { status: 302, headers: { location: '/there' } }
      : { status: 307, headers: { location: `${stub.url}/elsewhere` } },
  );
  const fetch = createGuardedFetch([redirecting.url, stub.url]);
  const headers = { authorization: 'Bearer secret' };
  await fetch(`${redirecting.url}/here`, { ...limits, method: 'POST', headers, body: '{"order":"7"}' });
  expect(redirecting.requests.map((one) => one.headers['authorization'])).toEqual([
    'Bearer secret',
    'Bearer secret',
  ]);
  expect(stub.requests).toHaveLength(1);
  expect(JSON.stringify(stub.requests)).not.toMatch(/secret|order/);
  await redirecting.close();
});

test('redirects without end are left', async () => {
  const redirecting = await startRedirect('/again');
  try {
    await expect(createGuardedFetch([redirecting.url])(redirecting.url, limits)).rejects.toThrow(/redirects/);
  } finally {
    await redirecting.close();
  }
});

test('an answer that is too large is not taken', async () => {
  await expect(createGuardedFetch([stub.url])(`${stub.url}/big`, limits)).rejects.toThrow(
    /larger than 1000 bytes/,
  );
});

async function startRedirect(location: string) {
  return startPlatformStub(() => ({ status: 302, headers: { location } }));
}
