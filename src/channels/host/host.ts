import { IntegrationSpecificClient } from '@botpress/sdk';
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Content } from '../../domain/content';
import type { DeliveryOutcome } from '../../domain/delivery';
import type { Clock } from '../../platform/clock';
import { AppError, Unavailable } from '../../platform/errors';
import type { FileStore } from '../../platform/files/file-store';
import type { Logger } from '../../platform/log';
import type { GuardedFetch } from '../../platform/net/guarded-fetch';
import type { SecretBox } from '../../platform/secrets';
import type { Account, Accounts } from './accounts';
import type { Channel } from './channel';
import { channelTag, guardedClient, InProcessClient } from './client';
import { fileIdOf, forChannel, toPayload } from './content';
import { failure, stale, toFailure, toWebhookError } from './failures';
import type { InboundSink } from './inbound-sink';
import { integrationLogger } from './integration-logger';
import { noLimits, type ChannelLimits } from './limits';
import type { IntegrationStates } from './states';

export interface HostParts {
  accounts: Accounts;
  channels: Map<string, Channel>;
  sink: InboundSink;
  states: IntegrationStates;
  files: FileStore;
  fetch: GuardedFetch;
  clock: Clock;
  log: Logger;
  publicUrl: string;
  /** Seals what is kept of a request: its headers carry secrets. */
  secrets: Pick<SecretBox, 'encrypt' | 'decrypt'>;
}

export interface WebhookRequest {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
  body: Buffer;
}

const bodyEncoding = 'x-parley-body-encoding';

/** The SDK's requests hold text. Other bytes come as base64, and a header of ours, which no sender sets, says so. */
function toSdkRequest({ body, ...request }: WebhookRequest) {
  const { [bodyEncoding]: _theirs, ...headers } = request.headers;
  if (body.length === 0) return { ...request, headers, body: undefined };
  if (isUtf8(body)) return { ...request, headers, body: body.toString('utf8') };
  return { ...request, headers: { ...headers, [bodyEncoding]: 'base64' }, body: body.toString('base64') };
}
export interface WebhookAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}
export interface Outgoing {
  accountId: string;
  thread: { id: string; tags: Record<string, string> };
  messageId: string;
  content: Content;
}

const registerAgainMs = [1_000, 5_000, 30_000, 300_000];

/** Runs integrations written on `@botpress/sdk`, in process. */
export class ChannelHost {
  private stopped = false;

  constructor(private readonly parts: HostParts) {}

  /** Of an account that is gone, or switched off, nothing is limited: a message to it fails by itself. */
  limitsOf(accountId: string): ChannelLimits {
    const account = this.parts.accounts.get(accountId);
    return account ? this.channelOf(account).limitsFor(account.configuration) : noLimits;
  }

  /** Whether a message that may have arrived may be sent again without asking anybody. */
  isRepeatable(accountId: string): boolean {
    const account = this.parts.accounts.get(accountId);
    return account !== null && this.channelOf(account).sendPolicy.lostAnswer === 'sendAgain';
  }

  /** Tells the platforms where to call us. A platform that is away stops nothing: it is asked again later. */
  registerAll(): void {
    for (const account of this.parts.accounts.list()) void this.register(account, 0);
  }

  stop(): void {
    this.stopped = true;
  }

  /** @throws AppError with the status that the platform gets. */
  async webhook(account: Account, request: WebhookRequest): Promise<WebhookAnswer> {
    if (this.channelOf(account).isStale(request.query, this.parts.clock.now())) throw stale();
    const { answer, kept } = await this.receive(account, request);
    account.health.lastInboundAt = this.parts.clock.now();
    if (request.method === 'POST' && kept === 0) await this.quarantine(account, request);
    const { status = 200, headers = {}, body = '' } = answer ?? {};
    return { status, headers, body };
  }

  /** Hands a quarantined request in again. False: nothing in it is understood yet. */
  async replay(accountId: string, sealed: string, body: Uint8Array): Promise<boolean> {
    const request = JSON.parse(this.parts.secrets.decrypt(sealed)) as Omit<WebhookRequest, 'body'>;
    const account = this.requireAccount(accountId);
    return (await this.receive(account, { ...request, body: Buffer.from(body) })).kept > 0;
  }

  private async receive(account: Account, request: WebhookRequest) {
    const channel = this.channelOf(account);
    const client = this.client(account, request.body);
    const answer = await this.received(channel, account, client, request);
    return { answer, kept: client.kept };
  }

  /** A message that its own definition does not know is kept for a person; redelivery would not mend it. */
  private async received(
    channel: Channel,
    account: Account,
    client: InProcessClient,
    request: WebhookRequest,
  ) {
    const props = this.props(account, client, 'webhook_received');
    try {
      return await channel.integration.webhook({ ...props, req: toSdkRequest(request) } as never);
    } catch (error) {
      if (!(error instanceof AppError))
        this.parts.log.warn(
          { accountId: account.id, reason: (error as Error).message },
          'channel: webhook failed',
        );
      if (client.refused) return undefined;
      throw toWebhookError(error);
    }
  }

  /** Hands one message to the platform. Never throws: the outcome says what became of it. */
  async send({ accountId, thread, messageId, content }: Outgoing): Promise<DeliveryOutcome> {
    const account = this.parts.accounts.get(accountId);
    if (!account) return { ok: false, ...toFailure({ message: `No account ${accountId}.`, metadata: {} }) };
    const client = this.client(account, null, thread.id);
    try {
      const channel = this.channelOf(account);
      const { [channelTag]: name = channel.mainChannel, ...tags } = thread.tags;
      const { type, payload } = toPayload(forChannel(content, (kind) => channel.canSend(name, kind)));
      const send = channel.senders[name]?.messages[type];
      if (!send) throw failure('permanent', `${channel.name} cannot send ${type}.`);
      await send({
        ...this.props(account, client, 'message_created'),
        type,
        payload: channel.checkPayload(name, type, this.withLinks(payload)),
        conversation: { id: thread.id, channel: name, tags },
        message: { id: messageId, type, payload, tags: {} },
        user: { id: 'bot', tags: {} },
        ack: ({ tags }: { tags: Record<string, string> }) => client.updateMessage({ id: messageId, tags }),
      });
      account.health.lastOutboundAt = this.parts.clock.now();
      this.healthy(account);
      return { ok: true, externalId: client.sent.externalId };
    } catch (error) {
      return this.failed(account, error);
    }
  }

  /** Shows "typing" where the platform can. Best effort: nothing waits for it. */
  typing(accountId: string, thread: { id: string; tags: Record<string, string> }): void {
    const account = this.parts.accounts.get(accountId);
    if (!account || !this.channelOf(account).actions['startTypingIndicator']) return;
    const input = { conversation: { id: thread.id, tags: thread.tags } };
    this.act(account, 'startTypingIndicator', input).catch(() => undefined);
  }

  /** Calls an action of the integration; what goes in and what comes out fits the definition. */
  async act(account: Account, name: string, input: unknown): Promise<unknown> {
    const channel = this.channelOf(account);
    const checked = channel.checkAction(name, 'input', input);
    const run = channel.actions[name];
    if (!run) throw failure('permanent', `${channel.name} does not do ${name}.`);
    const output = await run({
      ...this.props(account, this.client(account, null), 'action_triggered'),
      type: name,
      input: checked,
      metadata: { setCost: () => undefined },
    });
    return channel.checkAction(name, 'output', output);
  }

  /** Files of ours as links that work without a session. */
  private withLinks(payload: Record<string, unknown>): Record<string, unknown> {
    const { files, publicUrl, clock } = this.parts;
    return Object.fromEntries(
      Object.entries(payload).map(([key, value]) => {
        const fileId = fileIdOf(value);
        return [key, fileId ? `${publicUrl}${files.link(fileId, clock.now())}` : value];
      }),
    );
  }

  private async register(account: Account, attempt: number): Promise<void> {
    if (this.stopped) return;
    try {
      const webhookUrl = `${this.parts.publicUrl}/webhooks/${encodeURIComponent(account.id)}`;
      const props = this.props(account, this.client(account, null), 'register');
      await this.channelOf(account).integration.register({ ...props, webhookUrl } as never);
      this.healthy(account);
    } catch (error) {
      const waitMs = registerAgainMs[Math.min(attempt, registerAgainMs.length - 1)] ?? 300_000;
      Object.assign(account.health, { state: 'degraded', problem: (error as Error).message });
      this.parts.log.warn(
        { accountId: account.id, waitMs, reason: (error as Error).message },
        'channel: registration will be tried again',
      );
      this.parts.clock.after(waitMs, () => void this.register(account, attempt + 1));
    }
  }

  private failed(account: Account, error: unknown): DeliveryOutcome {
    const failure = toFailure(error);
    if (failure.errorClass === 'token' || failure.errorClass === 'retry')
      Object.assign(account.health, { state: 'degraded', problem: failure.message });
    this.parts.log.warn(
      {
        accountId: account.id,
        errorClass: failure.errorClass,
        platformCode: failure.platformCode,
        reason: failure.message,
      },
      'channel: not sent',
    );
    return { ok: false, ...failure };
  }

  private healthy(account: Account): void {
    Object.assign(account.health, { state: 'ok', problem: null });
  }

  private async quarantine(account: Account, { body: raw, ...rest }: WebhookRequest): Promise<void> {
    const id = `quarantine:${createHash('sha256').update(raw).digest('base64url')}`;
    const request = this.parts.secrets.encrypt(JSON.stringify(rest));
    await this.parts.sink.quarantine({ id, accountId: account.id, channel: account.type, raw, request });
  }

  private client(account: Account, raw: Buffer | null, sendingIn?: string): InProcessClient {
    const { sink, states, files, fetch, clock } = this.parts;
    return new InProcessClient({
      account,
      channel: this.channelOf(account),
      sink,
      states,
      files,
      fetch,
      now: () => clock.now(),
      raw,
      sendingIn,
    });
  }

  private props(account: Account, client: InProcessClient, operation: string) {
    const ctx = {
      botId: 'parley',
      botUserId: 'bot',
      integrationId: account.type,
      integrationAlias: account.type,
      webhookId: account.id,
      operation,
      configurationType: null,
      configuration: this.channelOf(account).configuration(account.configuration),
    };
    const specific = new IntegrationSpecificClient(guardedClient(client) as never);
    return {
      ctx,
      client: specific,
      logger: integrationLogger(this.parts.log.child({ accountId: account.id })),
    };
  }

  private channelOf(account: Account): Channel {
    const channel = this.parts.channels.get(account.type);
    if (!channel) throw new Unavailable(`No channel ${account.type}.`);
    return channel;
  }

  private requireAccount(id: string): Account {
    const account = this.parts.accounts.get(id);
    if (!account) throw new AppError(404, 'not_found', `No account ${id}.`);
    return account;
  }
}
