import { Router } from 'express';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { Schema, type Connection, type Model } from 'mongoose';
import type { Request } from 'express';
import type { Viewer } from '../../domain/role';
import { InvalidInput, NotFound, Unauthorized } from '../errors';
import type { Signer } from '../secrets';
import { fileTypeOf } from './file-type';

export interface FileRow {
  _id: string;
  name: string;
  mimeType: string;
  kind: 'image' | 'voice' | 'video' | 'file';
  sizeBytes: number;
  accountId: string;
  /** In whose conversation it was sent: who may see that may see it. Null until its message is kept. */
  threadId: string | null;
  createdAt: Date;
}
export interface NewFile {
  bytes: Buffer;
  name: string;
  accountId: string;
  threadId: string | null;
  at: Date;
}

export const largestFileBytes = 20 * 1024 * 1024;
const linkMs = 24 * 3_600_000;

/** Customers' files, on our own disk under names that nobody can guess. */
export class FileStore {
  private readonly model: Model<FileRow>;

  constructor(
    connection: Connection,
    private readonly folder: string,
    private readonly signer: Signer,
  ) {
    this.model = defineFiles(connection);
  }

  /** @throws InvalidInput for a type that is not taken. */
  async save({ bytes, name, accountId, threadId, at }: NewFile): Promise<FileRow> {
    if (bytes.length > largestFileBytes) throw new InvalidInput('The file is too large.');
    const type = fileTypeOf(bytes);
    if (!type) throw new InvalidInput('This kind of file is not taken.');
    const _id = randomBytes(32).toString('base64url');
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    // Whole or not at all: a file half written is never served.
    await writeFile(`${this.path(_id)}.part`, bytes, { mode: 0o600, flush: true });
    await rename(`${this.path(_id)}.part`, this.path(_id));
    const { mimeType, kind, extension } = type;
    const row: FileRow = {
      _id,
      name: safeName(name, extension),
      mimeType,
      kind,
      sizeBytes: bytes.length,
      accountId,
      threadId,
      createdAt: at,
    };
    await this.model.insertMany([row]);
    return row;
  }

  /** A platform's file is fetched before it is known where it belongs. Once it belongs somewhere it stays there. */
  async putInThread(id: string, accountId: string, threadId: string): Promise<void> {
    await this.model.updateOne({ _id: id, accountId, threadId: null }, { $set: { threadId } });
  }

  byId(id: string): Promise<FileRow | null> {
    return this.model.findById(id).lean();
  }

  /** A link that works without a session, for a day: the visitor's own pictures. */
  link(id: string, now: Date): string {
    const until = String(now.getTime() + linkMs);
    return `/files/${id}?until=${until}&signature=${this.signer.sign(`${id}|${until}`)}`;
  }

  hasLink(id: string, { until, signature }: { until?: unknown; signature?: unknown }, now: Date): boolean {
    if (typeof until !== 'string' || typeof signature !== 'string') return false;
    return Number(until) > now.getTime() && this.signer.verify(`${id}|${until}`, signature);
  }

  read(id: string): Promise<Buffer> {
    return readFile(this.path(id));
  }

  open(id: string) {
    return createReadStream(this.path(id));
  }

  private path(id: string): string {
    return join(this.folder, id);
  }
}

const shownInPage = /^(image|audio|video)\//;

export interface FileReaders {
  /** Who is signed in. */
  viewerOf(request: Request): Promise<Viewer | null>;
  maySeeThread(viewer: Viewer, threadId: string | null): Promise<boolean>;
  now(): Date;
}

/** `GET /files/{id}`: for who may see its conversation, or holds a signed link. */
export function filesRouter(files: FileStore, readers: FileReaders): Router {
  const router = Router();
  router.get('/files/:id', async (request, response) => {
    const { id } = request.params;
    if (!/^[\w-]{43}$/.test(id)) throw new NotFound('No such file.');
    const hasLink = files.hasLink(id, request.query, readers.now());
    const viewer = hasLink ? null : await readers.viewerOf(request);
    if (!hasLink && !viewer) throw new Unauthorized();
    const file = await files.byId(id);
    if (!file || (viewer && !(await readers.maySeeThread(viewer, file.threadId))))
      throw new NotFound('No such file.');
    response.setHeader('Content-Type', file.mimeType);
    response.setHeader('Content-Length', file.sizeBytes);
    response.setHeader('Cache-Control', 'private, max-age=86400, immutable');
    response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
    response.setHeader(
      'Content-Disposition',
      `${shownInPage.test(file.mimeType) ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    );
    // Whoever goes away in the middle leaves no file open.
    pipeline(files.open(id), response, () => undefined);
  });
  return router;
}

/** The name it came with, without what could mislead: paths, invisible characters, a second ending. */
function safeName(name: string, extension: string): string {
  const base = name
    .normalize('NFKC')
    .replace(/^.*[\\/]/, '')
    .replace(/[\p{C}\p{Zl}\p{Zp}"<>:|?*]/gu, '')
    .replace(/\.[^.]*$/, '')
    .slice(0, 100);
  return `${base || 'file'}.${extension}`;
}

export const defineFiles = (connection: Connection): Model<FileRow> =>
  connection.model<FileRow>('File', schema, 'files');

const schema = new Schema<FileRow>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    mimeType: { type: String, required: true },
    kind: { type: String, required: true },
    sizeBytes: { type: Number, required: true },
    accountId: { type: String, required: true },
    threadId: { type: String, default: null },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
