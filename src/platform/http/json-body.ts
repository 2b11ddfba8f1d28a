import type { IncomingMessage } from 'node:http';
import { AppError, InvalidInput } from '../errors';
import { readRawBody } from './raw-body';

const largestBodyBytes = 1024 * 1024;
/** Deeper ones are nobody's: what walks them could overflow. */
const deepest = 64;

/**
 * Reads a body now (413, 415) and parses it when it is asked for (400), so that a wrong address is told before a wrong body.
 */
export async function readJsonBody(request: IncomingMessage): Promise<() => unknown> {
  const type = request.headers['content-type'] ?? '';
  const encoding = request.headers['content-encoding'] ?? 'identity';
  const charset = /charset="?([\w-]+)/i.exec(type)?.[1] ?? 'utf-8';
  if (encoding !== 'identity' || !/^utf-?8$/i.test(charset))
    throw new AppError(415, 'unsupported_encoding', 'Send the body uncompressed, in UTF-8.');
  const bytes = await readRawBody(request, largestBodyBytes);
  return () => {
    if (bytes.length === 0) return {};
    if (!/^application\/([\w.-]+\+)?json\b/i.test(type))
      throw new InvalidInput('Send the body as application/json.');
    return parse(bytes);
  };
}

function parse(bytes: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !isDeeperThan(deepest, value)) return value;
  } catch {
    // Falls through: no JSON, or no UTF-8.
  }
  throw new InvalidInput('The body must be a JSON object.');
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}
