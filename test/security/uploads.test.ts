import { randomBytes } from 'node:crypto';
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
  ['a page behind the first bytes of a GIF', withMagic('GIF89a', html), 'a.html', 'text/html', 'image/gif'],
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
