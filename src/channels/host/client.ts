import { RuntimeError } from '@botpress/sdk';
import type { Inbound, InboundAuthor, InboundEvent } from '../../domain/inbound';
import { derivedId } from '../../platform/ids';
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
}

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
  readonly sent: SentTags = { externalId: null };
  private readonly threads = new Map<string, { tags: Tags; channel: string }>();
  private readonly users = new Map<string, { tags: Tags; name: string | null }>();

  constructor(private readonly parts: ClientParts) {}

  getOrCreateConversation = async ({ channel, tags }: { channel: string; tags: Tags }) => {
    const id = threadIdOf(this.parts.account.id, tags);
    this.threads.set(id, { tags, channel });
    return {
      conversation: { id, channel, tags, integration: this.parts.channel.name },
      meta: { created: false },
    };
  };

  getOrCreateUser = async ({ tags, name }: { tags: Tags; name?: string }) => {
    const id = identityIdOf(this.parts.channel.name, this.parts.account.id, tags['id'] ?? '');
    this.users.set(id, { tags, name: name ?? null });
    return { user: { id, tags, name }, meta: { created: false } };
  };

  createMessage = async (message: {
    type: string;
    payload: Record<string, unknown>;
    conversationId: string;
    userId: string;
    tags: Tags;
  }) => {
    const { type, payload, conversationId, userId, tags } = message;
    this.parts.channel.checkPayload(this.threads.get(conversationId)?.channel ?? 'channel', type, payload);
    const id = await this.keep(tags, conversationId, userId, {
      kind: 'message',
      content: toContent(type, payload),
    });
    return { message: { id, type, payload, conversationId, userId, tags } };
  };

  getOrCreateMessage = async (message: Parameters<InProcessClient['createMessage']>[0]) => ({
    ...(await this.createMessage(message)),
    meta: { created: true },
  });

  createEvent = async (event: {
    type: string;
    payload: Record<string, unknown>;
    conversationId: string;
    userId: string;
    tags: Tags;
  }) => {
    const { type, payload, conversationId, userId, tags } = event;
    const id = await this.keep(tags, conversationId, userId, {
      kind: 'event',
      event: { ...payload, type } as InboundEvent,
    });
    return { event: { id, type, payload } };
  };

  /** The outbound side: an integration acknowledges a message with the platform's id. */
  updateMessage = async ({ id, tags }: { id: string; tags: Tags }) => {
    this.sent.externalId = tags['id'] ?? this.sent.externalId;
    return { message: { id, tags } };
  };

  getState = async ({ type, id, name }: { type: string; id: string; name: string }) => {
    const payload = await this.parts.states.get(this.stateKey(type, id, name));
    if (payload === null)
      throw new RuntimeError(`No state ${name}.`, undefined, undefined, { type: 'ResourceNotFound' });
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
    await this.parts.states.set(this.stateKey(type, id, name), payload);
    return { state: { id, name, type, payload } };
  };

  getOrSetState = async (state: { type: string; id: string; name: string; payload: unknown }) => {
    const known = await this.parts.states.get(this.stateKey(state.type, state.id, state.name));
    return known === null ? this.setState(state) : { state: { ...state, payload: known } };
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

  private async download(url: string, headers: Record<string, string> = {}): Promise<Buffer> {
    const answer = await this.parts.fetch(url, {
      headers,
      timeoutMs: mediaTimeoutMs,
      maxBytes: largestMediaBytes,
    });
    if (answer.status !== 200) throw new Error(`The platform answered ${answer.status} for a file.`);
    return answer.body;
  }

  private async keep(
    tags: Tags,
    threadId: string,
    identityId: string,
    what: Inbound['what'],
  ): Promise<string> {
    const { account, channel, sink, raw } = this.parts;
    const id = `${account.id}:${tags['id']}`;
    await sink.accept({
      id,
      accountId: account.id,
      channel: channel.name,
      threadId,
      identityId,
      author: this.authorOf(identityId),
      what,
      sentAt: tags['sentAt'] ? new Date(tags['sentAt']) : null,
      threadTags: this.threads.get(threadId)?.tags ?? {},
      raw,
    });
    this.kept++;
    return id;
  }

  private authorOf(identityId: string): InboundAuthor {
    const user = this.users.get(identityId);
    return {
      network: this.parts.channel.name,
      externalId: user?.tags['id'] ?? '',
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
  derivedId('th', accountId, JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))));
export const identityIdOf = (network: string, accountId: string, externalId: string): string =>
  derivedId('id', network, accountId, externalId);

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
