import type { DoubleParts } from '../double-parts';
import { type Parameters, isUpload } from './parameters';
import { badRequest } from './telegram-error';

const MAX_BYTES = 10_000_000;
const TIMEOUT_MS = 5_000;

/** The file of a send method: uploaded, known by its id, or fetched from a URL of the server. */
export async function incomingFile(value: Parameters[string], parts: DoubleParts): Promise<string> {
  if (isUpload(value)) return parts.media.add(value);
  if (typeof value !== 'string' || value === '') throw badRequest('there is no file in the request');
  if (!/^https?:\/\//.test(value)) return knownFile(value, parts);
  // Telegram would fetch any public address; the sandbox asks nobody but the server it stands beside.
  if (new URL(value).origin !== new URL(parts.publicUrl()).origin)
    throw badRequest('wrong type of the web page content');
  return fetchedFile(value, parts);
}

function knownFile(fileId: string, parts: DoubleParts): string {
  if (!parts.media.get(fileId)) throw badRequest('wrong file identifier/HTTP URL specified');
  return fileId;
}

async function fetchedFile(url: string, parts: DoubleParts): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
  if (!answer?.ok) throw badRequest('failed to get HTTP URL content');
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (bytes.length > MAX_BYTES) throw badRequest('file is too big');
  const mimeType = answer.headers.get('content-type') ?? 'application/octet-stream';
  return parts.media.add({ name: new URL(url).pathname.split('/').at(-1) ?? 'file', mimeType, bytes });
}
