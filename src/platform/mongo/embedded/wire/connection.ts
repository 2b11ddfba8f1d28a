import type { Socket } from 'node:net';
import type { Doc, Value } from '../bson/value';
import { runCommand } from '../commands';
import type { CommandContext } from '../commands/command';
import { int } from '../commands/reply';
import { StoreError } from '../error';
import { headerBytes, largestMessage, readMessage, writeMessage, type Request } from './message';

/** Serves one client. Bytes that are no message close its connection, and only that. */
export function serveConnection(socket: Socket, context: CommandContext): void {
  let waiting: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    for (let message = nextMessage(waiting); message !== null; message = nextMessage(waiting)) {
      if (message === 'malformed') return void socket.destroy();
      waiting = waiting.subarray(message.length);
      answer(socket, message, context);
    }
  });
}

function nextMessage(bytes: Buffer): Buffer | 'malformed' | null {
  if (bytes.length < headerBytes) return null;
  const length = bytes.readInt32LE(0);
  if (length < headerBytes + 5 || length > largestMessage) return 'malformed';
  return bytes.length < length ? null : bytes.subarray(0, length);
}

function answer(socket: Socket, message: Buffer, context: CommandContext): void {
  let request: Request;
  try {
    request = readMessage(message);
  } catch {
    return void socket.destroy();
  }
  runCommand(request.body, context)
    .catch(toErrorReply)
    .then((reply) => {
      if (!request.isSilent && !socket.destroyed) socket.write(writeMessage(request, reply));
    })
    .catch(() => socket.destroy());
}

function toErrorReply(error: unknown): Doc {
  const known =
    error instanceof StoreError ? error : new StoreError(8, `The store failed: ${(error as Error).message}`);
  const fields = Object.entries(known.fields) as [string, Value][];
  return new Map<string, Value>([
    ['ok', 0],
    ['errmsg', known.message],
    ['code', int(known.code)],
    ['codeName', known.codeName],
    ...fields,
  ]);
}
