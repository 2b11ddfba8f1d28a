import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChannel as createWechat } from '../../src/channels/wechat';
import { signatureOf } from '../../src/channels/wechat/signature';
import { callAction } from '../../src/bot/flows/call-action';
import { createGuardedFetch } from '../../src/platform/net/guarded-fetch';
import { openChannelBench, type ChannelBench } from '../unit/channels/channel-bench';
import { startPlatformStub, type PlatformStub } from '../support/platform-stub';
import { closeStore } from '../support/store';

/** What only this machine can reach, on each of its addresses. Nobody may ever connect to it. */
let connections = 0;
let canary: Server;
let port: number;
let folder: string;
beforeAll(async () => {
  canary = createServer((socket) => (connections++, socket.destroy()));
  await new Promise<void>((resolve) => canary.listen(0, '::', resolve));
  port = (canary.address() as AddressInfo).port;
  folder = mkdtempSync(join(tmpdir(), 'parley-ssrf-'));
  writeFileSync(join(folder, 'secret.txt'), 'the secret of this machine');
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await new Promise((resolve) => canary.close(resolve));
  await closeStore();
});
afterEach(() => expect(connections).toBe(0));

const hosts = [
  '127.0.0.1', '127.0.0.2', '127.1', '0', '0.0.0.0', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '017700000001', '127.0.0.1.',
  '１２７.０.０.１', '127。0。0。1', '%31%32%37.0.0.1', 'localhost', 'LOCALHOST', 'localhost.', '[::]', '[::1]', '[0:0:0:0:0:0:0:1]',
  '[::127.0.0.1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::ffff:0:127.0.0.1]', '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '169.254.169.254', '[fd00:ec2::254]', '10.0.0.1', '172.16.0.1', '192.168.0.1', '100.100.100.200',
  'user@127.0.0.1', 'example.com@127.0.0.1', '127.0.0.1#example.com', '127.0.0.1?.example.com', '127.0.0.1\\@example.com',
]; // prettier-ignore
const withPort = (host: string) => {
  const [authority = '', ...rest] = host.split(/(?=[#?\\])/);
  return `http://${authority}:${port}${rest.join('')}`;
};
const urls = () => [
  ...hosts.map(withPort),
  ...['file', 'FILE'].map((scheme) => `${scheme}://${folder}/secret.txt`),
  `file://localhost${folder}/secret.txt`,
  ...['ftp', 'gopher', 'ws', 'dict', 'unix', 'blob:http'].map((scheme) => `${scheme}://127.0.0.1:${port}/`),
  `data:text/plain,secret`, `//127.0.0.1:${port}/`, `http:127.0.0.1:${port}`, 'http://', '', 'javascript:1',
]; // prettier-ignore

/** As the application makes it for an operator who named one origin: another port of it is not meant. */
const guarded = (named: string[] = []) => createGuardedFetch(named);

test('no form of an inner address is fetched, as it is given or as a redirect', async () => {
  const redirecting = await startPlatformStub(({ query }) => ({
    status: 302,
    headers: { location: Buffer.from(query.get('to') ?? '').toString('latin1') },
  }));
  const taken: string[] = [];
  const attempt = async (url: string) => {
    const answer = await guarded([redirecting.url])(url, { timeoutMs: 2_000, maxBytes: 1_000 }).catch(
      () => null,
    );
    // What is no address of its own leads back to who sent it.
    if (answer && new URL(answer.url).origin !== redirecting.url) taken.push(url);
  };
  for (const url of urls()) {
    await attempt(url);
    await attempt(`${redirecting.url}/?to=${encodeURIComponent(url)}`);
  }
  await redirecting.close();
  process.stdout.write(`ssrf: ${urls().length} addresses, each also as a redirect\n`);
  expect(taken).toEqual([]);
});

describe('through what a platform and a flow are given', () => {
  let stub: PlatformStub;
  let bench: ChannelBench;
  let videoUrl = '';
  const token = 'ssrf-token';
  beforeAll(async () => {
    stub = await startPlatformStub(({ path }) => {
      if (path === '/cgi-bin/stable_token') return { json: { access_token: 'a', expires_in: 7_200 } };
      return { json: { video_url: videoUrl } };
    });
    bench = await openChannelBench(createWechat(), {
      appId: 'wx1',
      appSecret: 's',
      token,
      apiBaseUrl: stub.url,
    });
  });
  afterAll(async () => {
    await bench.close();
    await stub.close();
  });

  test("a video's address that leads inside is not fetched: the message is kept, and says why", async () => {
    const [timestamp, nonce] = [String(Date.parse('2026-10-12T02:00:00Z') / 1_000), 'n'];
    const query = new URLSearchParams({ timestamp, nonce, signature: signatureOf(token, timestamp, nonce) });
    const some = urls().filter((_url, index) => index % 5 === 0 || index > 38);
    for (const [index, url] of some.entries()) {
      videoUrl = url;
      const body = `<xml><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>video</MsgType><MediaId>m</MediaId><MsgId>${index + 1}</MsgId></xml>`;
      expect((await bench.receive({ query: query.toString(), body })).status).toBe(200);
    }
    expect(bench.kept).toHaveLength(some.length);
    for (const { what } of bench.kept) expect(what).toMatchObject({ content: { media: { fileId: null } } });
    expect(JSON.stringify(bench.kept)).not.toContain(readFileSync(join(folder, 'secret.txt'), 'utf8'));
  });

  test('what a customer fills into the address of a flow stays a part of its path', async () => {
    const step = {
      kind: 'call',
      method: 'GET',
      url: '{config.orderApi}/orders/{id}',
      timeoutSeconds: 2,
      save: {},
      onStatus: {},
      onError: 'error',
      next: 'done',
    } as const;
    for (const id of [
      '../../admin',
      `@127.0.0.1:${port}/`,
      '#',
      '?x=1',
      `\\\\127.0.0.1:${port}`,
      '..%2f..%2fadmin',
      '%2e%2e/admin',
      '\r\nHost: x',
    ]) {
      await callAction(
        guarded([stub.url]),
        step as never,
        { stepId: 'call', slots: { id }, attempts: 0 },
        { config: { orderApi: stub.url }, idempotencyKey: 'k' },
      );
    }
    const asked = stub.requests.map(({ path }) => path).filter((path) => !path.startsWith('/cgi-bin'));
    expect(asked.filter((path) => !path.startsWith('/orders/'))).toEqual([]);
    expect(asked.length).toBeGreaterThan(5);
  });

  test('a flow whose address is a customer’s goes nowhere inside', async () => {
    for (const url of urls()) {
      const step = {
        kind: 'call',
        method: 'POST',
        url,
        timeoutSeconds: 2,
        body: { a: 'b' },
        save: {},
        onStatus: {},
        onError: 'error',
        next: 'done',
      };
      const position = await callAction(
        guarded(),
        step as never,
        { stepId: 'call', slots: {}, attempts: 0 },
        { config: {}, idempotencyKey: 'k' },
      );
      expect([url, position.stepId]).toEqual([url, 'error']);
    }
  });
});
