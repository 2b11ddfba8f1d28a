import { Router, type Request } from 'express';
import multer from 'multer';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock';
import { AppError, Forbidden, InvalidInput, NotFound, Unauthorized } from '../../platform/errors';
import type { FileStore } from '../../platform/files/file-store';
import type { AddressOf } from '../../platform/http/client-address';
import type { Account, Accounts } from '../host/accounts';
import { threadIdOf } from '../host/client';
import { countUpload, tooMuch, type WebchatLimits } from './limits';
import { frameAncestors, isAllowedOrigin } from './origins';
import type { VisitorTokens } from './visitor-token';

interface Parts {
  accounts: Accounts;
  tokens: VisitorTokens;
  files: FileStore;
  clock: Clock;
  pageFolder: string;
  limits: WebchatLimits;
  addressOf: AddressOf;
}

const largestBytes = 10 * 1024 * 1024;

/** The panel's page, and the visitors' uploads. */
export function webchatRouter(parts: Parts): Router {
  const router = Router();
  const upload = multer({
    storage: multer.memoryStorage(),
    limits: { fileSize: largestBytes, files: 1, fields: 2, parts: 4 },
  }).single('file');
  router.get('/webchat/:account/panel', (request, response) => {
    const account = accountOf(parts, request);
    const csp = String(response.getHeader('Content-Security-Policy'));
    response.setHeader(
      'Content-Security-Policy',
      csp.replace(/frame-ancestors [^;]*/, `frame-ancestors ${frameAncestors(account)}`),
    );
    response.removeHeader('X-Frame-Options');
    response.sendFile(join(parts.pageFolder, 'widget-panel.html'));
  });
  router.post('/webchat/:account/attachments', (request, response, next) => {
    try {
      const account = accountOf(parts, request);
      const visitorId = visitorOf(parts, account, request);
      const leave = parts.limits.uploads.enter(parts.addressOf(request));
      if (!leave) throw tooMuch(1_000);
      response.once('close', leave);
      upload(request, response, (error: unknown) => {
        if (error) return next(toUploadError(error));
        keep(parts, account, visitorId, request).then((body) => response.status(201).json(body), next);
      });
    } catch (error) {
      next(error);
    }
  });
  return router;
}

function accountOf({ accounts }: Parts, request: Request): Account {
  const account = accounts.get(String(request.params['account']));
  if (account?.type !== 'webchat') throw new NotFound('No such web chat.');
  if (!isAllowedOrigin(account, request.headers.origin, request.headers.host))
    throw new Forbidden('Not from this page.', 'foreign_origin');
  return account;
}

function visitorOf({ tokens, clock }: Parts, account: Account, request: Request): string {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const visitorId = token && tokens.read(account.id, token, clock.now());
  if (!visitorId) throw new Unauthorized('A visitor token is needed.');
  return visitorId;
}

async function keep(parts: Parts, account: Account, visitorId: string, request: Request) {
  const { files, clock, limits } = parts;
  const { file } = request;
  const threadId = threadIdOf(account.id, { visitorId });
  await countUpload(limits, { threadId, address: parts.addressOf(request), bytes: file?.size ?? 0 });
  if (!file) throw new InvalidInput('file: is missing');
  const name = Buffer.from(file.originalname, 'latin1').toString('utf8');
  const kept = await files.save({
    bytes: file.buffer,
    name,
    accountId: account.id,
    threadId,
    at: clock.now(),
  });
  return { attachmentId: kept._id, name: kept.name, mimeType: kept.mimeType, sizeBytes: kept.sizeBytes };
}

function toUploadError(error: unknown): unknown {
  if (!(error instanceof multer.MulterError)) return new InvalidInput('The upload cannot be read.');
  return error.code === 'LIMIT_FILE_SIZE'
    ? new AppError(413, 'too_large', 'The file is too large.')
    : new InvalidInput(error.message);
}
