import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { encrypt } from '../../src/channels/wechat/crypto';
import { startJourney, type Journey } from '../support/journey';
import { chooseSeed, seededRandom } from '../support/random';
import { closeStore } from '../support/store';

setFlagsFromString('--expose-gc');
const random = seededRandom(chooseSeed('fuzz'));
/** For each channel, signed and not; the long run has 10,000. */
const bodies = Number(process.env['PARLEY_FUZZ'] ?? 100);
const longest = 60_000 + bodies * 1_000;
let journey: Journey;
let heldBefore: number;
beforeAll(async () => {
  journey = await startJourney();
  // The parsers are warm, and what they keep for ever is there.
  for (const channel of Object.values(channels)) await channel.send(Buffer.from(channel.body()), true);
  heldBefore = heldBytes();
}, 60_000);
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
const settingOf = (id: string, name: string) =>
  String(journey.config.channels.find((account) => account.id === id)?.configuration[name]);

const update = () => JSON.stringify({
  update_id: Math.floor(random() * 1e9),
  message: { message_id: 1, date: 1_790_000_000, chat: { id: 7, type: 'private' }, from: { id: 7, is_bot: false, first_name: 'F' }, text: 'hi' },
}); // prettier-ignore
const post = () =>
  `<xml><ToUserName><![CDATA[gh]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName><CreateTime>1790000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hi]]></Content><MsgId>${Math.floor(random() * 1e9)}</MsgId></xml>`;

/** What breaks parsers: cut short, bytes that are no text, prototype keys, depth, many keys, strange numbers, entities. */
const mutations: ((body: Buffer) => Buffer)[] = [
  (body) => body.subarray(0, Math.floor(random() * body.length)),
  (body) => {
    const copy = Buffer.from(body);
    for (let count = 0; count < 4; count++)
      copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
    return copy;
  },
  (body) => Buffer.concat([body, Buffer.from([0xff, 0xfe, 0x00, 0xc0])]),
  () =>
    Buffer.from('{"__proto__":{"polluted":true},"update_id":1,"message":{"__proto__":{"polluted":true}}}'),
  () => Buffer.from(`${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  () => Buffer.from(`{"update_id":1,"message":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`),
  () =>
    Buffer.from(
      `{${Array.from({ length: 50_000 }, (_unused, index) => `"k${index}":1`).join()},"update_id":1}`,
    ),
  (body) => Buffer.from(body.toString('latin1').replace(/\d+/, '1e400')),
  (body) =>
    Buffer.from(
      body.toString('latin1').replace(/"text":"hi"|hi/, pick(['\u0000', '\ud800', '𝕏'.repeat(9_000)])),
    ),
  () =>
    Buffer.from('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><MsgType>&a;</MsgType></xml>'),
  () => Buffer.from(`<xml>${'&#65;'.repeat(100_000)}</xml>`),
  () =>
    Buffer.from(
      `<!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 20 }, (_unused, index) => `<!ENTITY a${index} "${'&a;'.repeat(20)}">`).join('')}]><xml>&a9;</xml>`,
    ),
  // 100,000 keys, NUL keys, a million entities, laughs by parameter entities, and what a scanner of tags trips over.
  () =>
    Buffer.from(
      `{${Array.from({ length: 100_000 }, (_unused, index) => `"${index.toString(36)}":0`).join()}}`,
    ),
  () =>
    Buffer.from(
      '{"update_id":1,"\\u0000":1,"message\\u0000":{"$where":"1","a.b":1,"constructor":{"prototype":{"polluted":true}}}}',
    ),
  () => Buffer.from(`<xml>${'&#x41;'.repeat(170_000)}</xml>`),
  () =>
    Buffer.from(
      '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]><xml><MsgType>text</MsgType></xml>',
    ),
  () => Buffer.from(`<xml ${'a="b" '.repeat(50_000)}/>`),
  () => Buffer.from(`<xml>${'<![CDATA['.repeat(50_000)}</xml>`),
  () =>
    Buffer.from(
      '<xml><__proto__><polluted>true</polluted></__proto__><constructor>x</constructor><FromUserName>a</FromUserName></xml>',
    ),
  (body) => gzipSync(Buffer.concat([body, Buffer.alloc(5_000_000)])),
  (body) => brotliCompressSync(body),
  (body) => Buffer.from(`\ufeff${body.toString('utf8')}`, 'utf16le'),
  (body) => Buffer.concat([body, body]),
  () => Buffer.alloc(1_048_577, 0x20),
  () => Buffer.from(`${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`),
  () => Buffer.from(pick(['', 'null', '[]', '7', '"text"', '{}', '<xml/>', '<xml></xml>'])),
];

/** Sealed, so that what is broken comes to light only when it is opened. */
function sealed(body: Buffer, signed: boolean): Promise<number> {
  const [timestamp, id] = [String(Math.floor(Date.now() / 1_000)), 'acme-wechat'];
  const encrypted = encrypt(body.toString('latin1'), settingOf(id, 'encodingAesKey'), settingOf(id, 'appId'));
  const parts = [signed ? settingOf(id, 'token') : 'wrong', timestamp, 'n', encrypted].sort();
  const signature = createHash('sha1').update(parts.join('')).digest('hex');
  const query = `timestamp=${timestamp}&nonce=n&encrypt_type=aes&msg_signature=${signature}`;
  return call(`/webhooks/${id}?${query}`, Buffer.from(`<xml><Encrypt>${encrypted}</Encrypt></xml>`), {});
}

const channels = {
  'wechat, sealed': { body: post, send: sealed },
  telegram: {
    body: update,
    send: (body: Buffer, signed: boolean) =>
      call('/webhooks/acme-telegram', body, {
        'x-telegram-bot-api-secret-token': signed ? settingOf('acme-telegram', 'secretToken') : 'wrong',
      }),
  },
  wechat: {
    body: post,
    send: (body: Buffer, signed: boolean) => {
      const token = signed ? settingOf('acme-wechat-plain', 'token') : 'wrong';
      const timestamp = String(Math.floor(Date.now() / 1_000));
      const signature = createHash('sha1').update([token, timestamp, 'n'].sort().join('')).digest('hex');
      return call(
        `/webhooks/acme-wechat-plain?timestamp=${timestamp}&nonce=n&signature=${signature}`,
        body,
        {},
      );
    },
  },
};

/**
 * Of the whole process: server, store, this test, and whatever its collector does meanwhile. A body that makes a parser
 * explode takes minutes.
 */
const longestCpuMs = 2_000;
const mostGrowth = 256 * 1024 * 1024;
let slowestMs = 0;

/** What a body was answered. One that seems slow is sent again: its own cost comes again, another's does not. */
async function measured(send: () => Promise<number>): Promise<number> {
  const [status, ms] = await timed(send);
  const again = ms > longestCpuMs / 4 ? (await timed(send))[1] : ms;
  slowestMs = Math.max(slowestMs, Math.min(ms, again));
  return status;
}
async function timed(send: () => Promise<number>): Promise<[status: number, cpuMs: number]> {
  const before = process.cpuUsage();
  const status = await send();
  const { user, system } = process.cpuUsage(before);
  return [status, (user + system) / 1_000];
}
/** What the process holds once nothing is left over that need not be kept. */
function heldBytes(): number {
  runInNewContext('gc')();
  return process.memoryUsage().rss;
}

async function call(path: string, body: Buffer, headers: Record<string, string>): Promise<number> {
  const answer = await fetch(journey.url + path, { method: 'POST', headers, body: new Uint8Array(body) });
  await answer.arrayBuffer();
  return answer.status;
}

/** What is kept of webhooks that are not understood, and of conversations. */
async function kept(): Promise<string> {
  const metrics = await (await fetch(`${journey.url}/metrics`)).text();
  const admin = await journey.as('admin');
  const conversations = await admin.conversations('?limit=100');
  return `${/^parley_quarantined \d+$/m.exec(metrics)?.[0]} ${conversations.length}`;
}

describe.each(Object.entries(channels))('%s', (_name, channel) => {
  const fuzzed = () => pick(mutations)(Buffer.from(channel.body()));

  test(
    'no signed body, however broken, is answered with an error of ours',
    async () => {
      const statuses = new Set<number>();
      for (let count = 0; count < bodies; count++) {
        const body = fuzzed();
        statuses.add(await measured(() => channel.send(body, true)));
      }
      expect([...statuses].filter((status) => ![200, 400, 413].includes(status))).toEqual([]);
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      expect((await fetch(`${journey.url}/readyz`)).status).toBe(200);
    },
    longest,
  );

  test(
    'no body without the right signature is taken, whatever stands in it',
    async () => {
      const before = await kept();
      // Something was taken while it was signed.
      expect(before).not.toBe('parley_quarantined 0 0');
      const statuses = new Set<number>();
      for (let count = 0; count < bodies; count++) {
        const body = fuzzed();
        statuses.add(await measured(() => channel.send(body, false)));
      }
      expect([...statuses].filter((status) => ![401, 403, 413].includes(status))).toEqual([]);
      expect(await kept()).toBe(before);
    },
    longest,
  );
});

test('no body took two seconds of the processor, and all of them left the memory bounded', () => {
  const grownBytes = heldBytes() - heldBefore;
  console.info({
    bodies: bodies * 6,
    slowestMs: Math.round(slowestMs),
    grownMb: Math.round(grownBytes / 2 ** 20),
  });
  expect(slowestMs).toBeLessThan(longestCpuMs);
  expect(grownBytes).toBeLessThan(mostGrowth);
});

test('after all that a customer is answered as ever', async () => {
  const phone = journey.sandbox.telegram.customer('acme-telegram', 'after the storm');
  await phone.sendText('how long until my order ships?');
  await phone.waitFor((message) => /ship/i.test(message.text), 15_000);
});
