import express from 'express';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, type ReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import type { AddressInfo, Server } from 'node:net';
import type { Viewer } from '../../../../src/domain/role';
import { FileStore, filesRouter, largestFileBytes } from '../../../../src/platform/files/file-store';
import { fileTypeOf } from '../../../../src/platform/files/file-type';
import { errorHandler } from '../../../../src/platform/http/error-handler';
import { silentLogger } from '../../../../src/platform/log';
import { SecretBox } from '../../../../src/platform/secrets';
import { closeStore, dropConnection, testConnection } from '../../../support/store';
import { until } from '../../../support/until';

const agent: Viewer = { agentId: 'ag_1', role: 'agent', teamIds: [] };
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(16)]);
let now = new Date('2026-10-12T02:00:00Z');
let connection: Connection;
let files: FileStore;
let folder: string;
let viewer: Viewer | null = null;
let server: Server;
const app = express();

beforeAll(async () => {
  connection = await testConnection();
  folder = mkdtempSync(join(tmpdir(), 'parley-files-'));
  files = new FileStore(connection, folder, new SecretBox(randomBytes(24).toString('hex')).signer('file'));
  const readers = {
    viewerOf: () => Promise.resolve(viewer),
    maySeeThread: (_viewer: Viewer, threadId: string | null) => Promise.resolve(threadId === 'seen'),
    now: () => now,
  };
  app.use(filesRouter(files, readers));
  app.use(errorHandler(silentLogger));
  server = app.listen(0, '127.0.0.1');
});
beforeEach(() => {
  now = new Date('2026-10-12T02:00:00Z');
  viewer = null;
});
afterAll(async () => {
  server.close();
  await dropConnection(connection);
  rmSync(folder, { recursive: true, force: true });
  await closeStore();
});

const get = (path: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
const save = (bytes: Buffer, name = 'a.png') =>
  files.save({ bytes, name, accountId: 'acme', threadId: null, at: now });

test('a text that is nothing but marks of byte order is looked through once', () => {
  // With a pattern that goes back over what it has read this takes hours.
  const { mimeType } = fileTypeOf(Buffer.from('\ufeff'.repeat(1_000_000))) ?? {};
  expect(mimeType).toMatch(/^text\/plain/);
  expect(fileTypeOf(Buffer.from('\ufeff \ufeff<b>'))).toBeNull();
});

test('whoever goes away in the middle of a file leaves it closed', async () => {
  const { _id } = await save(Buffer.concat([png, randomBytes(8 << 20)]));
  const opened: ReadStream[] = [];
  const open = files.open.bind(files);
  jest.spyOn(files, 'open').mockImplementation((id) => (opened.push(open(id)), opened[0] as ReadStream));
  const going = new AbortController();
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${files.link(_id, now)}`, { signal: going.signal });
  expect(answer.status).toBe(200);
  going.abort();
  await until(() => opened[0]?.closed === true);
  jest.restoreAllMocks();
});

test('a file is served by a signed link, with headers that let it do nothing', async () => {
  const { _id } = await save(png);
  const answer = await get(files.link(_id, now));
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(png);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': "inline; filename*=UTF-8''a.png",
    'cache-control': 'private, max-age=86400, immutable',
  });
});

test('without a link only who is signed in and may see its thread sees it', async () => {
  const { _id } = await save(png);
  expect((await get(`/files/${_id}`)).status).toBe(401);
  viewer = agent;
  expect((await get(`/files/${_id}`)).status).toBe(404);
  await files.putInThread(_id, 'acme', 'seen');
  expect((await get(`/files/${_id}`)).status).toBe(200);
});

test('a file stays in the thread it belongs to, and with its account', async () => {
  const { _id } = await save(png);
  await files.putInThread(_id, 'another', 'seen');
  expect((await files.byId(_id))?.threadId).toBeNull();
  await files.putInThread(_id, 'acme', 'first');
  await files.putInThread(_id, 'acme', 'seen');
  expect((await files.byId(_id))?.threadId).toBe('first');
});

test.each([
  ['another file’s signature', (link: string, other: string) => link.replace(/[\w-]{43}/, other)],
  ['a later end', (link: string) => link.replace(/until=\d/, 'until=9')],
  ['no signature', (link: string) => link.replace(/&signature=.*/, '')],
])('a link with %s is refused', async (_what, change) => {
  const [one, other] = [await save(png), await save(png)];
  expect((await get(change(files.link(one._id, now), other._id))).status).toBe(401);
});

test('a link ends after a day', async () => {
  const { _id } = await save(png);
  const link = files.link(_id, now);
  now = new Date(now.getTime() + 24 * 3_600_000 + 1);
  expect((await get(link)).status).toBe(401);
});

test.each(['../../etc/passwd', '%2e%2e%2fetc', 'x'.repeat(43)])('there is no file %s', async (id) => {
  viewer = agent;
  expect((await get(`/files/${id}`)).status).toBe(404);
});

test.each([
  ['a page', Buffer.from('<html><script>alert(1)</script>')],
  ['a drawing with scripts', Buffer.from('  <svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>')],
  ['a program', Buffer.from('4d5a900003', 'hex')],
  ['nothing', Buffer.alloc(0)],
  ['more than the limit', Buffer.alloc(largestFileBytes + 1, 65)],
])('%s is not taken', async (_what, bytes) => {
  await expect(save(bytes)).rejects.toMatchObject({ status: 400 });
});

test.each([
  ['invoice.pdf.exe', 'invoice.pdf.txt'],
  ['../../x/报修单.docx', '报修单.txt'],
  ['photo\u202Egnp.exe', 'photognp.txt'],
  ['', 'file.txt'],
])('the name %j is kept as %j: its ending is what the bytes are', async (given, kept) => {
  expect((await save(Buffer.from('plain text'), given)).name).toBe(kept);
});

test('what a browser could not show safely is downloaded', async () => {
  const { _id } = await save(Buffer.from('%PDF-1.7 …'), 'a.pdf');
  const answer = await get(files.link(_id, now));
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
});
