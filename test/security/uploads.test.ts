import { randomBytes } from 'node:crypto';
import { request, type IncomingMessage } from 'node:http';
import { startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';
import { until } from '../support/until';
import { openVisitorPage, type VisitorPage } from '../support/visitor-page';

let journey: Journey;
let page: VisitorPage;
beforeAll(async () => {
  journey = await startJourney();
  page = await openVisitorPage(journey.url, { account: 'web' });
}, 60_000);
afterAll(async () => {
  page.socket.disconnect();
  await journey.stop();
  await closeStore();
});

interface Kept {
  attachmentId: string;
  name: string;
  mimeType: string;
  sizeBytes: number;
}
const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';
const html = '<!doctype html><script>alert(1)</script>';
const withMagic = (magic: string, rest: string | Buffer) =>
  Buffer.concat([Buffer.from(magic, 'latin1'), Buffer.from(rest)]);
const png = withMagic('\x89PNG\r\n\x1a\n', randomBytes(32));

/** What was kept, as the other tabs of the visitor are told, and how it is served. */
async function sendAndFetch(bytes: Buffer, name: string, type: string) {
  // A visitor for each file: one alone would be slowed down.
  const own = await openVisitorPage(journey.url, { account: 'web' });
  const uploaded = await own.upload(bytes, name, type);
  expect(uploaded.status).toBe(201);
  const kept = (await uploaded.json()) as Kept;
  const other = await openVisitorPage(journey.url, { account: 'web', visitorToken: own.visitorToken });
  expect(await own.send({ clientMessageId: kept.attachmentId, attachmentId: kept.attachmentId })).toMatchObject({ ok: true });
  const shown = await until(() => other.messages.flatMap(({ attachments = [] }) => attachments).find(({ url }) => url.includes(kept.attachmentId)));
  for (const { socket } of [own, other]) socket.disconnect();
  const served = await fetch(journey.url + (shown?.url ?? ''));
  return { kept, shown, served, body: Buffer.from(await served.arrayBuffer()) };
} // prettier-ignore

const declared: [string, Buffer, string, string, string][] = [
  ['a picture that calls itself a page', png, 'a.html', 'text/html', 'image/png'],
  ['a picture that calls itself a drawing', png, 'a.svg', 'image/svg+xml', 'image/png'],
  ['a PDF that calls itself a picture', Buffer.from('%PDF-1.7'), 'a.png', 'image/png', 'application/pdf'],
  ['text that calls itself a script', Buffer.from('alert(1)'), 'a.js', 'text/javascript', 'text/plain; charset=utf-8'],
  ['text that calls itself a page', Buffer.from('hello <b>you</b>'), 'a.html', 'text/html', 'text/plain; charset=utf-8'],
  ['a page behind the first bytes of a GIF', withMagic('GIF89a', html), 'a.html', 'text/html', 'application/octet-stream'],
  ['a drawing behind the first bytes of a PNG', withMagic('\x89PNG\r\n\x1a\n', svg), 'a.svg', 'image/svg+xml', 'image/png'],
  ['a page behind the first bytes of a zip', withMagic('PK\x03\x04', html), 'a.html', 'text/html', 'application/zip'],
]; // prettier-ignore

test.each(declared)('%s is what its bytes say, and can do nothing where it is shown', async (_what, bytes, name, type, mimeType) => {
  const { kept, served, body } = await sendAndFetch(bytes, name, type);
  expect(kept).toMatchObject({ mimeType, sizeBytes: bytes.length });
  expect(body).toEqual(bytes);
  const headers = Object.fromEntries(served.headers);
  expect(headers).toMatchObject({
    'content-type': mimeType,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
  });
  const isPicture = mimeType.startsWith('image/');
  expect(headers['content-disposition']).toMatch(isPicture ? /^inline; filename/ : /^attachment; filename/);
  expect(headers['content-disposition']).not.toMatch(/\.(html|svg|js)$/);
}); // prettier-ignore

/** The first bytes of a picture of so many pixels, as each kind tells its size. */
const headers: Record<string, (width: number, height: number) => Buffer> = {
  'image/png': (width, height) => padded('89504e470d0a1a0a0000000d49484452', [[width, 4], [height, 4]], 'BE'),
  'image/gif': (width, height) => padded('474946383961', [[width, 2], [height, 2]], 'LE'),
  'image/jpeg': (width, height) => padded('ffd8ffe000104a46494600010100000100010000ffc0001108', [[height, 2], [width, 2]], 'BE'),
  'image/webp': (width, height) => padded('524946460000000057454250565038580a00000000000000', [[width - 1, 3], [height - 1, 3]], 'LE'),
}; // prettier-ignore

function padded(hex: string, numbers: [value: number, bytes: number][], order: 'BE' | 'LE'): Buffer {
  const parts = numbers.map(([value, bytes]) => {
    const part = Buffer.alloc(bytes);
    if (order === 'BE') part.writeUIntBE(value, 0, bytes);
    else part.writeUIntLE(value, 0, bytes);
    return part;
  });
  return Buffer.concat([Buffer.from(hex, 'hex'), ...parts, Buffer.alloc(64)]);
}

test.each(Object.entries(headers))('%s of 50,000 × 50,000 is a file to download, not a picture to draw', async (mimeType, make) => {
  const bomb = await sendAndFetch(make(50_000, 50_000), 'a', mimeType);
  expect(bomb.kept.mimeType).toBe('application/octet-stream');
  expect(bomb.served.headers.get('content-disposition')).toMatch(/^attachment;/);
  expect(bomb.served.headers.get('x-content-type-options')).toBe('nosniff');
  const picture = await sendAndFetch(make(4_000, 3_000), 'a', mimeType);
  expect(picture.kept.mimeType).toBe(mimeType);
  expect(picture.served.headers.get('content-disposition')).toMatch(/^inline;/);
}); // prettier-ignore

const refused: [string, Buffer][] = [
  ['a page', Buffer.from(html)],
  ['a page after blanks', Buffer.from(` \r\n\t${html}`)],
  ['a page after a byte order mark', Buffer.from(`\ufeff${html}`)],
  ['a page in UTF-16', Buffer.from(`\ufeff${html}`, 'utf16le')],
  ['a drawing', Buffer.from(svg)],
  ['a drawing after an XML declaration', Buffer.from(`<?xml version="1.0"?>${svg}`)],
  ['a page after a comment', Buffer.from(`<!-- x -->${html}`)],
  ['a Windows program', withMagic('MZ\x90\x00', randomBytes(32))],
  ['a Linux program', withMagic('\x7fELF', randomBytes(32))],
  ['the middle of a picture’s first bytes', png.subarray(1)],
  ['nothing', Buffer.alloc(0)],
];

test.each(refused)('%s is refused, whatever type and name it comes with', async (_what, bytes) => {
  for (const [name, type] of [
    ['a.png', 'image/png'],
    ['a.txt', 'text/plain'],
    ['a.html', 'text/html'],
  ] as const)
    expect((await page.upload(bytes, name, type)).status).toBe(400);
});

test('the limit is ten MiB, to the byte', async () => {
  const limit = 10 * 1024 * 1024;
  expect((await page.upload(Buffer.alloc(limit, 65), 'a.txt')).status).toBe(201);
  expect((await page.upload(Buffer.alloc(limit + 1, 65), 'a.txt')).status).toBe(413);
});

const names: [string, string][] = [
  ['../../../etc/passwd', 'passwd.png'],
  ['..\\..\\windows\\win.ini', 'win.png'],
  ['/etc/cron.d/x', 'x.png'],
  ['.htaccess', 'file.png'],
  ['invoice\u202egnp.exe', 'invoicegnp.png'],
  ['in\u200bvoice\u2028.exe', 'invoice.png'],
  ['"><img src=x onerror=alert(1)>.png', 'img src=x onerror=alert(1).png'],
  ['a.php.png', 'a.php.png'],
  ['发票 (1).png', '发票 (1).png'],
  ['x'.repeat(4_000), `${'x'.repeat(100)}.png`],
];

test.each(names)('the name %j is kept as %j', async (given, name) => {
  const { kept, shown, served } = await sendAndFetch(png, given, 'image/png');
  expect([kept.name, shown?.name]).toEqual([name, name]);
  const sent = served.headers.get('content-disposition') ?? '';
  expect(decodeURIComponent(sent.replace("inline; filename*=UTF-8''", ''))).toBe(name);
});

test.each(['..', 'a\u0000.png', 'a\u001b[2J\u0007.png'])('the name %j is refused', async (name) => {
  const answer = await page.upload(png, name);
  expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'invalid_input' } }]);
});

const broken: [string, string, string][] = [
  ['no boundary', 'multipart/form-data', '--x\r\n\r\n'],
  ['a part that does not end', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nabc'],
  ['no part', 'multipart/form-data; boundary=x', '--x--\r\n'],
  ['another field', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="other"; filename="a.txt"\r\n\r\nabc\r\n--x--\r\n'],
  ['JSON', 'application/json', '{"file":"abc"}'],
]; // prettier-ignore

test.each(broken)('an upload with %s is answered with 400', async (_what, type, body) => {
  const answer = await fetch(`${journey.url}/webchat/web/attachments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${page.visitorToken}`, 'content-type': type },
    body,
  });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
});

test('of one address four uploads are taken in at the same time; the next is told to wait, and others are not', async () => {
  const head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n';
  const uploads = Array.from({ length: 5 }, () => {
    const upload = request(`${journey.url}/webchat/web/attachments`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${page.visitorToken}`,
        'content-type': 'multipart/form-data; boundary=x',
      },
    });
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      upload.on('response', (response) => resolve(response.resume()));
      upload.on('error', reject);
    });
    upload.write(head);
    return { upload, answer };
  });
  // None of them ends by itself: what is answered now is the one too many.
  const refused = await Promise.race(uploads.map(async (one) => ({ one, answer: await one.answer })));
  expect([refused.answer.statusCode, refused.answer.headers['retry-after']]).toEqual([429, '1']);
  refused.one.upload.destroy();
  const taken = uploads.filter((one) => one !== refused.one);
  for (const { upload } of taken) upload.end('abc\r\n--x--\r\n');
  const answers = await Promise.all(taken.map(({ answer }) => answer));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201, 201]);
  await until(async () => (await page.upload(Buffer.from('x'), 'a.txt')).status === 201);
});

test('a visitor who sends ever more files is stopped, whatever they are', async () => {
  const own = await openVisitorPage(journey.url, { account: 'web' });
  const statuses = new Set<number>();
  for (let sent = 0; sent < 110; sent++) statuses.add((await own.upload(Buffer.alloc(0), 'a.txt')).status);
  expect([...statuses]).toEqual([400, 429]);
  own.socket.disconnect();
  // Another visitor of the same address is not: a file is a megabyte at least, and the address has five hundred.
  expect((await page.upload(Buffer.from('x'), 'a.txt')).status).toBe(201);
});
