import type { Socket } from 'node:net';
import type { Doc, Value } from '../bson/value';
import { runCommand } from '../commands';
import type { CommandContext } from '../commands/command';
import { int } from '../commands/reply';
import { asStoreError, StoreError } from '../error';
import { Frames } from './frames';
import { readHeader, readMessage, writeMessage, type Header, type Request } from './message';

/** Serves one client. Bytes that are no message close its connection, and only that. */
export function serveConnection(socket: Socket, context: CommandContext): void {
  const frames = new Frames();
  let before: Promise<void> = Promise.resolve();
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const message of frames.add(chunk)) before = answer(socket, message, context, before);
    } catch {
      socket.destroy();
    }
  });
}

/**
 * Requests of one connection may overtake each other, for each answer names its request; only what follows one that
 * wants no answer waits for it. Resolves when the next may begin.
 */
function answer(
  socket: Socket,
  message: Buffer,
  context: CommandContext,
  before: Promise<void>,
): Promise<void> {
  const header = readHeader(message);
  let request: Request;
  try {
    request = readMessage(message, header);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    send(socket, header, toErrorReply(error));
    return before;
  }
  const done = before
    .then(() => runCommand(request.body, context))
    .catch(toErrorReply)
    .then((reply) => {
      if (!request.isSilent) send(socket, header, reply);
    })
    .catch(() => void socket.destroy());
  return request.isSilent ? done : before;
}

/** A client that reads no answers is not listened to until it does. */
function send(socket: Socket, header: Header, reply: Doc): void {
  if (socket.destroyed || socket.write(writeMessage(header, reply))) return;
  socket.pause();
  socket.once('drain', () => socket.resume());
}

function toErrorReply(error: unknown): Doc {
  const known = asStoreError(error);
  const fields = Object.entries(known.fields) as [string, Value][];
  return new Map<string, Value>([
    ['ok', 0],
    ['errmsg', known.message],
    ['code', int(known.code)],
    ['codeName', known.codeName],
    ...fields,
  ]);
}
