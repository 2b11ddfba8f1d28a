import { RuntimeError } from '@botpress/sdk';
import type { Inbound, InboundAuthor, InboundEvent } from '../../domain/inbound';
import { derivedId, newId } from '../../platform/ids';
import type { FileStore } from '../../platform/files/file-store';
import type { GuardedFetch } from '../../platform/net/guarded-fetch';
import type { Account } from './accounts';
import type { Channel } from './channel';
import { fileUrlOf, toContent } from './content';
import type { InboundSink } from './inbound-sink';
import type { IntegrationStates } from './states';

type Tags = Record<string, string>;

export interface ClientParts {
  account: Account;
  channel: Channel;
  sink: InboundSink;
  states: IntegrationStates;
  files: FileStore;
  fetch: GuardedFetch;
  now(): Date;
  /** The webhook's body; null outside of one. */
  raw: Buffer | null;
  /** The thread that a message is being sent in. */
  sendingIn?: string;
}

interface ConversationOf {
  channel: string;
  tags: Tags;
  discriminateByTags?: string[];
}
interface UserOf {
  tags: Tags;
  name?: string;
  discriminateByTags?: string[];
}
interface MessageOf {
  type: string;
  payload: Record<string, unknown>;
  conversationId: string;
  userId: string;
  tags: Tags;
}
interface EventOf {
  type: string;
  payload: Record<string, unknown>;
  conversationId?: string;
  userId?: string;
  tags?: Tags;
}

/** Among a thread's tags, the integration's channel when it has several. */
export const channelTag = 'parley:channel';

/** The platform's id of a message that an integration reports while it sends. */
export interface SentTags {
  externalId: string | null;
}

const largestMediaBytes = 20 * 1024 * 1024;
const mediaTimeoutMs = 10_000;

/**
 * The client that an integration is handed: the SDK's methods, in process. Conversations and users have derived ids, so
 * asking for them waits for no write; a message is a durable row when `createMessage` answers.
 */
export class InProcessClient {
  /** How many rows this request has written, or found written already. */
  kept = 0;
  /** It was handed a message that its definition does not know. */
  refused = false;
  readonly sent: SentTags = { externalId: null };
  private readonly threads = new Map<string, { tags: Tags; channel: string }>();
  private readonly users = new Map<string, { tags: Tags; name: string | null; externalId: string }>();

  constructor(private readonly parts: ClientParts) {}

  getOrCreateConversation = async ({ channel, tags, discriminateByTags }: ConversationOf) => {
    const id = threadIdOf(this.parts.account.id, chosenTags(tags, discriminateByTags));
    this.threads.set(id, { tags, channel });
    return { conversation: this.conversationOf(id), meta: { created: false } };
  };

  getConversation = async ({ id }: { id: string }) => {
    if (!this.threads.has(id)) throw notFound(`No conversation ${id} in this request.`);
    return { conversation: this.conversationOf(id) };
  };

  /** A user is who its `id` tag says; without one, all (or the discriminating) tags together. */
  getOrCreateUser = async ({ tags, name, discriminateByTags }: UserOf) => {
    const externalId = tags['id'] || canonical(chosenTags(tags, discriminateByTags));
    const id = identityIdOf(this.parts.channel.name, this.parts.account.id, externalId);
    this.users.set(id, { tags, name: name ?? null, externalId });
    return { user: { id, tags, name }, meta: { created: false } };
  };

  getUser = async ({ id }: { id: string }) => {
    const user = this.users.get(id);
    if (!user) throw notFound(`No user ${id} in this request.`);
    return { user: { id, tags: user.tags, name: user.name ?? undefined } };
  };

  updateUser = async ({ id, tags = {}, name }: { id: string; tags?: Tags; name?: string }) => {
    const user = this.users.get(id);
    if (!user) throw notFound(`No user ${id} in this request.`);
    this.users.set(id, { ...user, tags: { ...user.tags, ...tags }, name: name ?? user.name });
    return this.getUser({ id });
  };

  /** Made once for each `id` tag; a message without one is a new one every time, as the SDK says. */
  createMessage = async (message: MessageOf) => {
    const kept = await this.keepMessage(message, message.tags['id'] || newId('in'));
    return { message: kept.message };
  };

  /** The same tags are the same message. */
  getOrCreateMessage = async (message: MessageOf & { discriminateByTags?: string[] }) => {
    const tags = chosenTags(message.tags, message.discriminateByTags);
    const only = Object.keys(tags).length === 1 ? tags['id'] : undefined;
    const kept = await this.keepMessage(message, only || derivedId('in', canonical(tags)));
    return { message: kept.message, meta: { created: kept.created } };
  };

  createEvent = async (event: EventOf) => {
    const { type, payload, conversationId = '', userId = '', tags = {} } = event;
    const about = payload['externalId'];
    const { id } = await this.keep(tags, tags['id'] || newId('in'), conversationId, userId, {
      kind: 'event',
      event: {
        ...payload,
        ...(typeof about === 'string' && { externalId: this.scoped(conversationId, about) }),
        type,
      } as InboundEvent,
    });
    return { event: { id, type, payload } };
  };

  /** The outbound side: an integration acknowledges a message with the platform's id. */
  updateMessage = async ({ id, tags }: { id: string; tags: Tags }) => {
    if (tags['id']) this.sent.externalId = this.scoped(this.parts.sendingIn ?? '', tags['id']);
    return { message: { id, tags } };
  };

  getState = async ({ type, id, name }: { type: string; id: string; name: string }) => {
    const payload = await this.parts.states.get(this.stateKey(type, id, name));
    if (payload === null) throw notFound(`No state ${name}.`);
    return { state: { id, name, type, payload }, meta: { cached: false } };
  };

  setState = async ({
    type,
    id,
    name,
    payload,
  }: {
    type: string;
    id: string;
    name: string;
    payload: unknown;
  }) => {
    await this.parts.states.set(this.stateKey(type, id, name), this.parts.channel.checkState(name, payload));
    return { state: { id, name, type, payload } };
  };

  getOrSetState = async (state: { type: string; id: string; name: string; payload: unknown }) => {
    const known = await this.parts.states.get(this.stateKey(state.type, state.id, state.name));
    return known === null
      ? { ...(await this.setState(state)), meta: { cached: false } }
      : { state: { ...state, payload: known }, meta: { cached: false } };
  };

  /** Fetches a platform's file at once and keeps it: such addresses expire, or carry secrets. */
  uploadFile = async ({
    key,
    url,
    content,
    headers,
  }: {
    key: string;
    url?: string;
    content?: Buffer;
    headers?: Record<string, string>;
  }) => {
    const bytes = content ?? (await this.download(url ?? '', headers));
    const { account, files, now } = this.parts;
    const file = await files.save({ bytes, name: key, accountId: account.id, threadId: null, at: now() });
    return {
      file: {
        id: file._id,
        key,
        url: fileUrlOf(file._id),
        contentType: file.mimeType,
        size: file.sizeBytes,
        kind: file.kind,
      },
    };
  };

  upsertFile = (file: Parameters<InProcessClient['uploadFile']>[0]) => this.uploadFile(file);

  /** One of our files; its `url` holds the bytes, so that an integration reads them wherever we run. */
  getFile = async ({ id }: { id: string }) => {
    const file = await this.parts.files.byId(id);
    if (!file) throw notFound(`No file ${id}.`);
    const bytes = await this.parts.files.read(id);
    const { name, mimeType, sizeBytes, kind } = file;
    const url = `data:${mimeType};base64,${bytes.toString('base64')}`;
    return { file: { id, key: name, url, contentType: mimeType, size: sizeBytes, kind } };
  };

  private async download(url: string, headers: Record<string, string> = {}): Promise<Buffer> {
    const answer = await this.parts.fetch(url, {
      headers,
      timeoutMs: mediaTimeoutMs,
      maxBytes: largestMediaBytes,
    });
    if (answer.status !== 200) throw new Error(`The platform answered ${answer.status} for a file.`);
    return answer.body;
  }

  private async keepMessage({ type, payload, conversationId, userId, tags }: MessageOf, key: string) {
    const channel = this.threads.get(conversationId)?.channel ?? this.parts.channel.mainChannel;
    const content = toContent(type, this.checked(channel, type, payload));
    if ('media' in content && content.media.fileId)
      await this.parts.files.putInThread(content.media.fileId, this.parts.account.id, conversationId);
    const { id, created } = await this.keep(tags, key, conversationId, userId, { kind: 'message', content });
    return { message: { id, type, payload, conversationId, userId, tags }, created };
  }

  private checked(channel: string, type: string, payload: unknown): Record<string, unknown> {
    try {
      return this.parts.channel.checkPayload(channel, type, payload);
    } catch (error) {
      this.refused = true;
      throw error;
    }
  }

  private async keep(
    tags: Tags,
    key: string,
    threadId: string,
    identityId: string,
    what: Inbound['what'],
  ): Promise<{ id: string; created: boolean }> {
    const { account, channel, sink, raw } = this.parts;
    const id = `${account.id}:${this.scoped(threadId, key)}`;
    const { created } = await sink.accept({
      id,
      accountId: account.id,
      channel: channel.name,
      threadId,
      identityId,
      author: this.authorOf(identityId),
      what,
      sentAt: tags['sentAt'] ? new Date(tags['sentAt']) : null,
      threadTags: this.threadTags(threadId),
      raw,
    });
    this.kept++;
    return { id, created };
  }

  /** Platforms that count messages in each conversation use one id in many of them. */
  private scoped(threadId: string, id: string): string {
    return this.parts.channel.messageIds === 'account' ? id : `${threadId}:${id}`;
  }

  private threadTags(threadId: string): Tags {
    const thread = this.threads.get(threadId);
    if (!thread) return {};
    const isMain = thread.channel === this.parts.channel.mainChannel;
    return { ...thread.tags, ...(!isMain && { [channelTag]: thread.channel }) };
  }

  private conversationOf(id: string) {
    const { channel, tags } = this.threads.get(id) ?? { channel: '', tags: {} };
    return { id, channel, tags, integration: this.parts.channel.name };
  }

  private authorOf(identityId: string): InboundAuthor {
    const user = this.users.get(identityId);
    return {
      network: this.parts.channel.name,
      externalId: user?.externalId ?? '',
      platformId: user?.tags['platformId'] ?? null,
      name: user?.name ?? null,
      language: user?.tags['language'] ?? null,
      followers: null,
    };
  }

  private stateKey(type: string, id: string, name: string): string {
    return [this.parts.account.id, type, id, name].join(':');
  }
}

export const threadIdOf = (accountId: string, tags: Tags): string =>
  derivedId('th', accountId, canonical(tags));
const canonical = (tags: Tags): string =>
  JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The tags that tell one from another: those named, or all. An empty tag is none. */
function chosenTags(tags: Tags, names?: string[]): Tags {
  const chosen = Object.entries(tags).filter(
    ([name, value]) => value !== '' && (!names || names.includes(name)),
  );
  return Object.fromEntries(chosen);
}
export const identityIdOf = (network: string, accountId: string, externalId: string): string =>
  derivedId('id', network, accountId, externalId);

const notFound = (message: string): Error =>
  new RuntimeError(message, undefined, undefined, { type: 'ResourceNotFound' });

/** Anything that we do not offer says so by name, instead of failing somewhere inside. */
export function guardedClient(client: InProcessClient): unknown {
  return new Proxy(client, {
    get(target, name, receiver) {
      if (typeof name === 'symbol' || name === 'then' || name in target)
        return Reflect.get(target, name, receiver) as unknown;
      throw new RuntimeError(`client.${name} is not supported.`);
    },
  });
}
