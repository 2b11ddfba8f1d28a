import type { Namespace, Server, Socket } from 'socket.io';
import { z } from 'zod';
import {
  webchatAuth,
  webchatSend,
  webchatTyping,
  type WebchatClientEvents,
  type WebchatMessage,
  type WebchatSendAnswer,
  type WebchatServerEvents,
} from '../../contract/webchat';
import { textOf, type Content } from '../../domain/content';
import type { Clock } from '../../platform/clock';
import { AppError, InvalidInput } from '../../platform/errors';
import type { FileRow, FileStore } from '../../platform/files/file-store';
import type { AddressOf } from '../../platform/http/client-address';
import { errorBody, toAppError } from '../../platform/http/error-handler';
import type { Logger } from '../../platform/log';
import type { Accounts } from '../host/accounts';
import { identityIdOf, threadIdOf } from '../host/client';
import type { InboundSink } from '../host/inbound-sink';
import { countMessage, type WebchatLimits } from './limits';
import { toWebchatMessage } from './message';
import { isAllowedOrigin } from './origins';
import { newVisitorId, type VisitorTokens } from './visitor-token';

interface Visitor {
  accountId: string;
  visitorId: string;
  threadId: string;
  language: string | null;
  /** For limits. */
  address: string;
  /** Ids of what the store had for it. */
  shown: Set<string>;
}
type VisitorSocket = Socket<WebchatClientEvents, WebchatServerEvents, Record<string, never>, Visitor>;

export interface GatewayParts {
  io: Server;
  accounts: Accounts;
  tokens: VisitorTokens;
  sink: InboundSink;
  files: FileStore;
  clock: Clock;
  log: Logger;
  limits: WebchatLimits;
  addressOf: AddressOf;
  /** What this visitor may see of the past, oldest first. */
  history(threadId: string): Promise<WebchatMessage[]>;
  /** The visitor types. */
  typing(threadId: string, typing: boolean): void;
}

export interface WebchatGateway {
  push(threadId: string, message: WebchatMessage): void;
  showTyping(threadId: string, author: 'bot' | 'agent', typing: boolean): void;
  /** Shows the visitors of this node what the store has for them. They know by its id what they have. */
  showMissed(): Promise<void>;
}

/** The visitor's side of Socket.IO: `/webchat`. */
export function serveWebchat(parts: GatewayParts): WebchatGateway {
  const namespace = parts.io.of('/webchat') as unknown as Namespace<
    WebchatClientEvents,
    WebchatServerEvents,
    Record<string, never>,
    Visitor
  >;
  namespace.use((socket, next) => {
    try {
      socket.data = admit(parts, socket);
      next();
    } catch (error) {
      next(new Error(toAppError(error)?.code ?? 'internal'));
    }
  });
  namespace.on('connection', (socket) => {
    welcome(parts, socket).catch((error: unknown) => {
      parts.log.warn({ err: error }, 'webchat: cannot welcome');
      // Its transport, not the session: its page then connects again by itself.
      socket.conn.close();
    });
  });
  return {
    push: (threadId, message) => void namespace.to(threadId).emit('message', message),
    showTyping: (threadId, author, typing) => void namespace.to(threadId).emit('typing', { author, typing }),
    showMissed: () => showMissed(parts, [...namespace.sockets.values()]),
  };
}

/** Not by their time: what is written now may answer what came long ago. */
async function showMissed({ history }: GatewayParts, sockets: VisitorSocket[]): Promise<void> {
  for (const socket of sockets) {
    const { threadId, shown } = socket.data;
    for (const message of await history(threadId)) {
      if (!shown.has(message.id)) socket.emit('message', message);
      shown.add(message.id);
    }
  }
}

function admit({ accounts, tokens, clock, addressOf }: GatewayParts, socket: VisitorSocket): Visitor {
  const auth = webchatAuth.safeParse(socket.handshake.auth);
  if (!auth.success) throw new InvalidInput('auth: account is missing');
  const account = accounts.get(auth.data.account);
  if (account?.type !== 'webchat') throw new AppError(404, 'not_found', 'No such web chat.');
  if (!isAllowedOrigin(account, socket.handshake.headers.origin, socket.handshake.headers.host))
    throw new AppError(403, 'foreign_origin', 'Not from this page.');
  const { visitorToken } = auth.data;
  const known = visitorToken === undefined ? null : tokens.read(account.id, visitorToken, clock.now());
  if (visitorToken !== undefined && known === null)
    throw new AppError(401, 'invalid_token', 'This visitor token is not good.');
  const visitorId = known ?? newVisitorId();
  return {
    accountId: account.id,
    visitorId,
    threadId: threadIdOf(account.id, { visitorId }),
    language: languageOf(socket.handshake.headers['accept-language']),
    address: addressOf(socket.request),
    shown: new Set(),
  };
}

const languageOf = (accepted: string | undefined) => accepted?.split(',')[0]?.slice(0, 20) ?? null;

async function welcome(parts: GatewayParts, socket: VisitorSocket): Promise<void> {
  const { accountId, visitorId, threadId, shown } = socket.data;
  socket.on('send', (message: unknown, ack: unknown) => void onSend(parts, socket, message, ack));
  socket.on('typing', typingListener(parts, threadId));
  await socket.join(threadId);
  const visitorToken = parts.tokens.issue(accountId, parts.clock.now(), visitorId);
  const messages = await parts.history(threadId);
  for (const { id } of messages) shown.add(id);
  socket.emit('welcome', { visitorToken, messages });
}

/** Our page tells every 3 s that it is still so: who tells it more often is not asked the store for. */
function typingListener({ clock, typing }: GatewayParts, threadId: string) {
  let told = { typing: false, atMs: 0 };
  return (message: unknown) => {
    const parsed = webchatTyping.safeParse(message);
    const atMs = clock.now().getTime();
    if (!parsed.success || (parsed.data.typing === told.typing && atMs - told.atMs < 2_000)) return;
    told = { typing: parsed.data.typing, atMs };
    typing(threadId, told.typing);
  };
}

async function onSend(
  parts: GatewayParts,
  socket: VisitorSocket,
  message: unknown,
  ack: unknown,
): Promise<void> {
  const answer = typeof ack === 'function' ? (ack as (answer: WebchatSendAnswer) => void) : () => undefined;
  try {
    const kept = await keep(parts, socket.data, message);
    answer({ ok: true, id: kept.shown.id });
    tellTabs(socket, kept);
  } catch (error) {
    const known = toAppError(error);
    if (!known) parts.log.error({ err: error }, 'webchat: not stored');
    answer(errorBody(known));
  }
}

interface Kept {
  clientMessageId: string;
  /** False when it was stored before. */
  created: boolean;
  shown: WebchatMessage;
}

/** The tab that sent it learns that it is stored; the visitor's other tabs show it. */
function tellTabs(socket: VisitorSocket, { clientMessageId, created, shown }: Kept): void {
  const { threadId } = socket.data;
  if (created) socket.to(threadId).emit('message', shown);
  socket.emit('delivery', { clientMessageId, state: 'stored' });
}

/** Answers after the durable write. The same `clientMessageId` again changes nothing. */
async function keep(parts: GatewayParts, visitor: Visitor, message: unknown): Promise<Kept> {
  const parsed = webchatSend.safeParse(message);
  if (!parsed.success) throw new InvalidInput(parsed.error.issues[0]?.message ?? 'invalid');
  const { accountId, visitorId, threadId, language, address } = visitor;
  await countMessage(parts.limits, threadId, address);
  const { clientMessageId } = parsed.data;
  const externalId = `${visitorId}:${clientMessageId}`;
  const content = await contentOf(parts, visitor, parsed.data);
  const { created } = await parts.sink.accept({
    id: `${accountId}:${externalId}`,
    accountId,
    channel: 'webchat',
    threadId,
    identityId: identityIdOf('webchat', accountId, visitorId),
    author: {
      network: 'webchat',
      externalId: visitorId,
      platformId: null,
      name: null,
      language,
      followers: null,
    },
    what: { kind: 'message', content },
    sentAt: null,
    threadTags: { visitorId },
    raw: null,
  });
  const at = parts.clock.now();
  const row = { _id: externalId, author: 'contact', text: textOf(content), content, at, externalId };
  return { clientMessageId, created, shown: toWebchatMessage(row, (fileId) => parts.files.link(fileId, at)) };
}

async function contentOf(
  { files }: GatewayParts,
  visitor: Visitor,
  message: z.infer<typeof webchatSend>,
): Promise<Content> {
  if ('text' in message) return { type: 'text', text: message.text };
  if ('choice' in message) {
    const label = message.label ?? message.choice;
    return { type: 'choice', text: label, options: [{ id: message.choice, label }] };
  }
  const file = await files.byId(message.attachmentId);
  if (file?.threadId !== visitor.threadId)
    throw new InvalidInput(`attachmentId: no file ${message.attachmentId}`);
  return fileContent(file);
}

const fileContent = ({ _id, kind, name, mimeType, sizeBytes }: FileRow): Content => ({
  type: kind,
  media: { fileId: _id, name, mimeType, sizeBytes },
});
