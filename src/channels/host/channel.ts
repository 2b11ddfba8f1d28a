import type { Integration, IntegrationDefinition } from '@botpress/sdk';
import type { Paces } from '../../domain/pace';
import { safePolicy, type SendPolicy } from '../../domain/send-policy';
import type { ChannelLimits } from './limits';

/** Its definition as the host reads it; the SDK's own type is generic over every detail. */
interface Definition {
  configuration?: { schema: Checked & { toJSONSchema(): unknown; strict?(): Checked } };
  channels?: Record<string, { messages: Record<string, { schema: Checked }> }>;
  actions?: Record<string, { input: { schema: Checked }; output: { schema: Checked } }>;
  states?: Record<string, { schema: Checked }>;
}
interface Checked {
  safeParse(value: unknown): {
    success: boolean;
    data?: unknown;
    error?: { issues: Issue[] };
  };
}
interface Issue {
  path: (string | number)[];
  message: string;
  code?: string;
}

/** What does not fit the definition; sending it again would not help. */
export class InvalidByDefinition extends Error {
  readonly metadata = { retryable: false };
}

/** A channel as the host runs it: what it is, what it does, what its platform allows. */
export class Channel {
  readonly name: string;

  constructor(
    private readonly parts: {
      title: string;
      definition: unknown;
      integration: unknown;
      limits: ChannelLimits;
      /** How fast an account may send, where its settings tell. */
      paceOf?(configuration: Record<string, unknown>): Paces;
      /** The safe one, if nothing is said. */
      sendPolicy?: SendPolicy;
      hasWebhook: boolean;
      /** Whether a webhook was signed too long ago. Asked of what arrives, not of what is handed in again. */
      isStale?(query: string, now: Date): boolean;
      /** Within what a platform's message id is unique; a conversation, if nothing is said. */
      messageIds?: 'account' | 'conversation';
    },
  ) {
    this.name = (parts.definition as IntegrationDefinition).name;
  }

  get title(): string {
    return this.parts.title;
  }
  get hasWebhook(): boolean {
    return this.parts.hasWebhook;
  }
  isStale(query: string, now: Date): boolean {
    return this.parts.isStale?.(query, now) ?? false;
  }
  get limits(): ChannelLimits {
    return this.parts.limits;
  }
  limitsFor(configuration: Record<string, unknown>): ChannelLimits {
    const { limits, paceOf } = this.parts;
    return paceOf ? { ...limits, pace: paceOf(configuration) } : limits;
  }
  get sendPolicy(): SendPolicy {
    return this.parts.sendPolicy ?? safePolicy;
  }
  get integration(): Integration {
    return this.parts.integration as Integration;
  }
  get messageIds(): 'account' | 'conversation' {
    return this.parts.messageIds ?? 'conversation';
  }
  /** Where messages go that name no channel of the integration. */
  get mainChannel(): string {
    const names = Object.keys(this.definition.channels ?? {});
    return names.includes('channel') ? 'channel' : (names[0] ?? 'channel');
  }
  canSend(channel: string, type: string): boolean {
    return typeof this.senders[channel]?.messages[type] === 'function';
  }
  get senders(): Senders {
    return this.integration.channels as unknown as Senders;
  }
  get actions(): Actions {
    return this.integration.actions as unknown as Actions;
  }

  configurationSchema(): Record<string, unknown> {
    return (this.definition.configuration?.schema.toJSONSchema() ?? {}) as Record<string, unknown>;
  }

  /** An unknown key is a problem: a misspelt one would be silently without effect. It is not repeated: it may be a secret. */
  checkConfiguration(configuration: unknown): { path: string; message: string }[] {
    const schema = this.definition.configuration?.schema;
    const parsed = (schema?.strict?.() ?? schema)?.safeParse(configuration);
    if (!parsed || parsed.success) return [];
    return (parsed.error?.issues ?? []).map(({ code, path, message }) => ({
      path: path.join('.'),
      message: code === 'unrecognized_keys' ? `has an unknown key; known are ${this.knownKeys()}` : message,
    }));
  }

  private knownKeys(): string {
    return Object.keys(Object(this.configurationSchema()['properties'])).join(', ');
  }

  /** The configuration with its defaults. */
  configuration(given: Record<string, unknown>): Record<string, unknown> {
    const parsed = this.definition.configuration?.schema.safeParse(given);
    return (parsed?.success ? parsed.data : given) as Record<string, unknown>;
  }

  /** The payload with its defaults. @throws InvalidByDefinition */
  checkPayload(channel: string, type: string, payload: unknown): Record<string, unknown> {
    const message = this.definition.channels?.[channel]?.messages[type];
    if (!message)
      throw new InvalidByDefinition(`${this.name} has no message type ${type} in its channel ${channel}.`);
    return this.checked(message.schema, payload, `the payload of ${type}`) as Record<string, unknown>;
  }

  /** @throws InvalidByDefinition */
  checkAction(name: string, side: 'input' | 'output', value: unknown): unknown {
    const action = this.definition.actions?.[name];
    if (!action) throw new InvalidByDefinition(`${this.name} has no action ${name}.`);
    return this.checked(action[side].schema, value, `the ${side} of ${name}`);
  }

  /** A state that the definition does not name is kept as it is. @throws InvalidByDefinition */
  checkState(name: string, payload: unknown): unknown {
    const state = this.definition.states?.[name];
    return state && payload !== null ? this.checked(state.schema, payload, `the state ${name}`) : payload;
  }

  private checked(schema: Checked, value: unknown, what: string): unknown {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error?.issues ?? [];
    throw new InvalidByDefinition(
      `${this.name}: ${what} is not valid (${issue?.path.join('.')}: ${issue?.message}).`,
    );
  }

  private get definition(): Definition {
    return this.parts.definition as Definition;
  }
}

type Senders = Record<
  string,
  { messages: Record<string, ((props: unknown) => Promise<unknown>) | undefined> } | undefined
>;
type Actions = Record<string, ((props: unknown) => Promise<unknown>) | undefined>;
