import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors';

/** The body as it came. @throws AppError 413 as soon as it is too large. */
export async function readRawBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => new AppError(413, 'too_large', `The body is larger than ${maxBytes} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else reject(tooLarge());
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => reject(new AppError(400, 'invalid_input', 'The body ended early.')));
    request.on('close', () => reject(new AppError(400, 'invalid_input', 'The body ended early.')));
  });
}
