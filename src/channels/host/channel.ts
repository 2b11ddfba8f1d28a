import type { Integration, IntegrationDefinition } from '@botpress/sdk';
import type { ChannelLimits } from './limits';

/** Its definition as the host reads it; the SDK's own type is generic over every detail. */
interface Definition {
  configuration?: {
    schema: {
      safeParse(value: unknown): {
        success: boolean;
        data?: unknown;
        error?: { issues: { path: (string | number)[]; message: string }[] };
      };
      toJSONSchema(): unknown;
    };
  };
  channels?: Record<
    string,
    {
      messages: Record<
        string,
        { schema: { safeParse(value: unknown): { success: boolean; data?: unknown; error?: unknown } } }
      >;
    }
  >;
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
      hasWebhook: boolean;
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
  get limits(): ChannelLimits {
    return this.parts.limits;
  }
  get integration(): Integration {
    return this.parts.integration as Integration;
  }

  configurationSchema(): Record<string, unknown> {
    return (this.definition.configuration?.schema.toJSONSchema() ?? {}) as Record<string, unknown>;
  }

  checkConfiguration(configuration: unknown): { path: string; message: string }[] {
    const parsed = this.definition.configuration?.schema.safeParse(configuration);
    if (!parsed || parsed.success) return [];
    return (parsed.error?.issues ?? []).map(({ path, message }) => ({ path: path.join('.'), message }));
  }

  /** The configuration with its defaults. */
  configuration(given: Record<string, unknown>): Record<string, unknown> {
    const parsed = this.definition.configuration?.schema.safeParse(given);
    return (parsed?.success ? parsed.data : given) as Record<string, unknown>;
  }

  /** @throws when the payload is not what the definition says. */
  checkPayload(channel: string, type: string, payload: unknown): void {
    const message = this.definition.channels?.[channel]?.messages[type];
    if (!message) throw new Error(`${this.name} has no message type ${type}.`);
    const parsed = message.schema.safeParse(payload);
    if (!parsed.success)
      throw new Error(`${this.name}: the payload of ${type} is not valid.`, { cause: parsed.error });
  }

  private get definition(): Definition {
    return this.parts.definition as Definition;
  }
}
