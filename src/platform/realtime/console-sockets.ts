import type { Namespace, Server, Socket } from 'socket.io';
import { z } from 'zod';
import {
  resumeRequest,
  statusRequest,
  typingRequest,
  viewingRequest,
  type ConsoleClientEvents,
  type ConsoleServerEvents,
} from '../../contract/events';
import type { AgentStatus, Viewer } from '../../domain/role';
import type { Clock } from '../clock';
import { InvalidInput } from '../errors';
import type { Authenticate, Session } from '../http/api';
import { readCredentials } from '../http/credentials';
import { isFromOwnPage } from '../http/own-origin';
import { errorBody, toAppError } from '../http/error-handler';
import type { Logger } from '../log';
import { sharedKey, type EventFeed, type FeedMember } from './event-feed';
import type { Presence } from './presence';

interface SocketData {
  session: Session;
  viewing: string | null;
  typing: boolean;
}
type ConsoleSocket = Socket<ConsoleClientEvents, ConsoleServerEvents, Record<string, never>, SocketData>;
type ConsoleNamespace = Namespace<
  ConsoleClientEvents,
  ConsoleServerEvents,
  Record<string, never>,
  SocketData
>;

export interface ConsoleSocketParts {
  io: Server;
  feed: EventFeed;
  clock: Clock;
  log: Logger;
  authenticate: Authenticate;
  /** Those of these sessions that still stand, as they are now, by their token's hash. */
  standingSessions(tokenHashes: string[]): Promise<Map<string, Session>>;
  publicUrl: string;
  /** @throws NotFound for what this viewer may not see. */
  requireConversation(viewer: Viewer, conversationId: string): Promise<void>;
  changeStatus(agentId: string, status: AgentStatus): Promise<unknown>;
  /** An agent types a reply: shown on the platform where it can. */
  agentTyping(conversationId: string): void;
  presence: Presence;
}

const headPingMs = 15_000;
/** A node that does not answer within this is left out of what the others are shown. */
const answerWithinMs = 1_000;

/** The consoles of an agent: of one session, of all but one, or of all. By the hash of a session's token. */
interface EndedConsoles {
  agentId: string;
  only?: string;
  except?: string;
}

export interface ConsoleSockets {
  /** Ends the open consoles of an agent, on every node. */
  disconnect(ended: EndedConsoles): void;
  contactTyping(conversationId: string, typing: boolean): void;
  close(): void;
}

/** The console's side of Socket.IO: one feed of lasting events, and presence that is never stored. */
export function serveConsole(parts: ConsoleSocketParts): ConsoleSockets {
  const namespace = parts.io.of('/') as unknown as ConsoleNamespace;
  namespace.use((socket, next) => {
    admit(parts, socket).then(() => next(), next);
  });
  namespace.on('connection', (socket) => welcome(parts, namespace, socket));
  // Encoded once for all of them; each socket is in the room that its id names.
  parts.feed.sendTogether((members, event) => {
    // To Socket.IO no room at all means everybody.
    if (members.length === 0) return;
    namespace.local.to(members.map(({ id }) => id)).emit('event', event);
  });
  const stopPing = parts.clock.every(headPingMs, () => {
    const sockets = [...namespace.sockets.values()];
    pingHeads(parts);
    noteSeen(parts, sockets);
    closeEnded(parts, sockets).catch((error: unknown) =>
      parts.log.warn({ err: error }, 'console: sessions not looked at'),
    );
  });
  return {
    disconnect: (ended) => disconnect(namespace, ended),
    contactTyping: (conversationId, typing) =>
      void namespace.to(viewRoom(conversationId)).emit('typing', { conversationId, typing }),
    close: stopPing,
  };
}

const agentRoom = (agentId: string) => `agent:${agentId}`;
const sessionRoom = (tokenHash: string) => `session:${tokenHash}`;
const viewRoom = (conversationId: string) => `view:${conversationId}`;

async function admit(parts: ConsoleSocketParts, socket: ConsoleSocket): Promise<void> {
  const session = await sessionOf(parts, socket);
  if (!session) throw new Error('unauthorized');
  socket.data = { session, viewing: null, typing: false };
}

async function sessionOf(parts: ConsoleSocketParts, socket: ConsoleSocket): Promise<Session | null> {
  const token = tokenOf(parts, socket);
  return token ? parts.authenticate(token) : null;
}

/** A browser sends its cookie for pages of any origin, so one of ours must have asked. */
function tokenOf({ publicUrl }: ConsoleSocketParts, { handshake, request }: ConsoleSocket): string | null {
  const fromAuth: unknown = handshake.auth['token'];
  if (typeof fromAuth === 'string') return fromAuth;
  const found = readCredentials(request);
  if (found?.from === 'cookie' && request.headers.origin && !isFromOwnPage(request, publicUrl)) return null;
  return found?.token ?? null;
}

function welcome(parts: ConsoleSocketParts, namespace: ConsoleNamespace, socket: ConsoleSocket): void {
  const { viewer, tokenHash } = socket.data.session;
  const member: FeedMember = {
    id: socket.id,
    viewer,
    send: (event) => void socket.emit('event', event),
    ping: (head) => void socket.emit('head', head),
  };
  void socket.join([agentRoom(viewer.agentId), sessionRoom(tokenHash)]);
  noteSeen(parts, [socket]);
  socket.on('disconnect', () => left(parts, namespace, socket, member));
  listen(parts, namespace, socket);
  joinFeed(parts, socket, member).catch((error: unknown) => {
    parts.log.warn({ err: error }, 'console: cannot join the feed');
    socket.disconnect();
  });
}

/** Whoever ended the session, or changed its rights, while it connected did not find it among the open consoles. */
async function joinFeed(parts: ConsoleSocketParts, socket: ConsoleSocket, member: FeedMember): Promise<void> {
  const session = await sessionOf(parts, socket);
  if (!session || !sameRights(session.viewer, member.viewer)) return void socket.disconnect(true);
  await parts.feed.join(member);
  if (socket.disconnected) parts.feed.leave(member);
}

/** The role and the teams choose what is seen. */
const sameRights = (one: Viewer, other: Viewer): boolean => sharedKey(one) === sharedKey(other);

function listen(parts: ConsoleSocketParts, namespace: ConsoleNamespace, socket: ConsoleSocket): void {
  const { viewer } = socket.data.session;
  const on = guarded(parts, socket);
  on('resume', resumeRequest, ({ cursor }) => parts.feed.resume(viewer, cursor));
  on('conversation:view', viewingRequest, async ({ conversationId }) => {
    if (conversationId) await parts.requireConversation(viewer, conversationId);
    await view(namespace, socket, conversationId);
    return { ok: true };
  });
  on('conversation:typing', typingRequest, async ({ conversationId, typing }) => {
    await parts.requireConversation(viewer, conversationId);
    socket.data.typing = typing;
    if (typing) parts.agentTyping(conversationId);
    await tellViewers(namespace, conversationId);
    return { ok: true };
  });
  on('agent:status', statusRequest, async ({ status }) => {
    await parts.changeStatus(viewer.agentId, status);
    return { ok: true };
  });
}

/** Checks what a socket sends as strictly as HTTP does; an error is an answer, never a crash. */
function guarded(parts: ConsoleSocketParts, socket: ConsoleSocket) {
  return <S extends z.ZodType>(
    name: keyof ConsoleClientEvents,
    schema: S,
    act: (request: z.output<S>) => Promise<unknown>,
  ) => {
    const listener = (request: unknown, ack: unknown) => {
      const answer = typeof ack === 'function' ? (ack as (body: unknown) => void) : () => undefined;
      handle(schema, request, act).then(answer, (error: unknown) => {
        const known = toAppError(error);
        if (!known) parts.log.error({ err: error, event: name }, 'console: socket event failed');
        answer(errorBody(known));
      });
    };
    socket.on(name, listener as never);
  };
}

async function handle<S extends z.ZodType>(
  schema: S,
  request: unknown,
  act: (request: z.output<S>) => Promise<unknown>,
) {
  const parsed = schema.safeParse(request);
  if (!parsed.success) throw new InvalidInput(parsed.error.issues[0]?.message ?? 'invalid');
  return act(parsed.data);
}

async function view(
  namespace: ConsoleNamespace,
  socket: ConsoleSocket,
  conversationId: string | null,
): Promise<void> {
  const before = socket.data.viewing;
  socket.data.viewing = conversationId;
  socket.data.typing = false;
  if (before) await socket.leave(viewRoom(before));
  if (conversationId) await socket.join(viewRoom(conversationId));
  if (before && before !== conversationId) await tellViewers(namespace, before);
  if (conversationId) await tellViewers(namespace, conversationId);
}

async function tellViewers(namespace: ConsoleNamespace, conversationId: string): Promise<void> {
  const sockets = await socketsIn(namespace, viewRoom(conversationId));
  const agents = new Map<string, { id: string; name: string; typing: boolean }>();
  for (const { data } of sockets) {
    const { viewer, name } = data.session;
    const typing = data.typing || (agents.get(viewer.agentId)?.typing ?? false);
    agents.set(viewer.agentId, { id: viewer.agentId, name, typing });
  }
  namespace.to(viewRoom(conversationId)).emit('viewers', { conversationId, agents: [...agents.values()] });
}

function left(
  parts: ConsoleSocketParts,
  namespace: ConsoleNamespace,
  socket: ConsoleSocket,
  member: FeedMember,
): void {
  parts.feed.leave(member);
  const { viewing } = socket.data;
  const report = (error: unknown) => parts.log.warn({ err: error }, 'console: presence');
  if (viewing) tellViewers(namespace, viewing).catch(report);
}

/** The sockets of a room on all nodes; while the others cannot be asked, those of this node. */
async function socketsIn(namespace: ConsoleNamespace, room: string): Promise<Pick<ConsoleSocket, 'data'>[]> {
  try {
    return await namespace.timeout(answerWithinMs).in(room).fetchSockets();
  } catch {
    return [...namespace.sockets.values()].filter(({ rooms }) => rooms.has(room));
  }
}

function noteSeen(parts: ConsoleSocketParts, sockets: ConsoleSocket[]): void {
  const agentIds = sockets.map(({ data }) => data.session.viewer.agentId);
  parts.presence
    .seen(agentIds)
    .catch((error: unknown) => parts.log.warn({ err: error }, 'console: presence not noted'));
}

/** An order that waits for no answer: a node that hangs keeps no other one from obeying. */
function disconnect(namespace: ConsoleNamespace, { agentId, only, except }: EndedConsoles): void {
  const theirs = namespace.in(only ? sessionRoom(only) : agentRoom(agentId));
  (except ? theirs.except(sessionRoom(except)) : theirs).disconnectSockets(true);
}

/** Such an order reaches no other node while Redis is away, so each looks for itself from time to time. */
async function closeEnded(parts: ConsoleSocketParts, sockets: ConsoleSocket[]): Promise<void> {
  if (sockets.length === 0) return;
  const standing = await parts.standingSessions(sockets.map(({ data }) => data.session.tokenHash));
  for (const socket of sockets) {
    const { tokenHash, viewer } = socket.data.session;
    const now = standing.get(tokenHash);
    if (!now || !sameRights(now.viewer, viewer)) socket.disconnect(true);
  }
}

function pingHeads(parts: ConsoleSocketParts): void {
  const now = parts.clock.now().toISOString();
  for (const { member, head } of parts.feed.heads()) member.ping?.({ seq: head, now });
}
