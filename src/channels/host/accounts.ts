import { Schema, type Connection, type Model } from 'mongoose';
import type { ChannelView } from '../../contract/channels';
import type { Clock } from '../../platform/clock';
import type { ChannelConfig } from '../../platform/config';
import { Conflict, Forbidden, InvalidInput, NotFound } from '../../platform/errors';
import { isDuplicateKey } from '../../platform/mongo/connection';
import type { SecretBox } from '../../platform/secrets';
import type { Channel } from './channel';

interface AccountRow {
  _id: string;
  type: string;
  name: string;
  /** Sealed: it holds the platform's secrets. */
  configuration: string;
  source: 'file' | 'console';
  enabled: boolean;
  createdAt: Date;
}

/** An official account of ours, ready to work. */
export interface Account {
  id: string;
  type: string;
  name: string;
  configuration: Record<string, unknown>;
  source: 'file' | 'console';
  enabled: boolean;
  health: {
    state: 'ok' | 'degraded' | 'unknown';
    problem: string | null;
    lastInboundAt: Date | null;
    lastOutboundAt: Date | null;
  };
}

interface Parts {
  connection: Connection;
  secrets: SecretBox;
  channels: Map<string, Channel>;
  clock: Clock;
  publicUrl: string;
}

/** The accounts, in memory for every webhook and in the store for all nodes. */
export class Accounts {
  private readonly model: Model<AccountRow>;
  private byId = new Map<string, Account>();

  constructor(private readonly parts: Parts) {
    this.model = defineAccounts(parts.connection);
  }

  /** Accounts of the file are always as the file says; those of the console stay as they are. */
  async seed(configured: ChannelConfig[]): Promise<void> {
    for (const { id, type, name, configuration } of configured) {
      const fields = {
        type,
        name,
        configuration: this.seal(configuration),
        source: 'file' as const,
        enabled: true,
      };
      await this.model.updateOne(
        { _id: id },
        { $set: fields, $setOnInsert: { createdAt: this.parts.clock.now() } },
        { upsert: true },
      );
    }
    await this.model.deleteMany({ source: 'file', _id: { $nin: configured.map(({ id }) => id) } });
    await this.reload();
  }

  async reload(): Promise<void> {
    const rows = await this.model.find().sort({ createdAt: 1, _id: 1 }).lean();
    this.byId = new Map(rows.map((row) => [row._id, this.toAccount(row)]));
  }

  get(id: string): Account | null {
    const account = this.byId.get(id);
    return account?.enabled ? account : null;
  }

  list(): Account[] {
    return [...this.byId.values()];
  }

  async create(fresh: ChannelConfig): Promise<ChannelView> {
    const configuration = this.check(fresh.type, fresh.configuration);
    const { id, type, name } = fresh;
    const row: AccountRow = {
      _id: id,
      type,
      name,
      configuration: this.seal(configuration),
      source: 'console',
      enabled: true,
      createdAt: this.parts.clock.now(),
    };
    try {
      await this.model.insertMany([row]);
    } catch (error) {
      if (isDuplicateKey(error)) throw new Conflict('id_taken', `There is an account ${id} already.`);
      throw error;
    }
    await this.reload();
    return this.view(id);
  }

  async change(
    id: string,
    change: { name?: string; configuration?: Record<string, unknown>; enabled?: boolean },
  ): Promise<ChannelView> {
    const account = this.byId.get(id);
    if (!account) throw new NotFound(`No account ${id}.`);
    if (account.source === 'file')
      throw new Forbidden('This account stands in the configuration file.', 'configured_by_file');
    const { configuration, ...rest } = change;
    const sealed = configuration && { configuration: this.seal(this.check(account.type, configuration)) };
    await this.model.updateOne({ _id: id }, { $set: { ...rest, ...sealed } });
    await this.reload();
    return this.view(id);
  }

  view(id: string): ChannelView {
    const account = this.byId.get(id);
    if (!account) throw new NotFound(`No account ${id}.`);
    const { type, name, source, enabled, health } = account;
    const hasWebhook = this.parts.channels.get(type)?.hasWebhook ?? false;
    return {
      id,
      type,
      name,
      source,
      enabled,
      webhookUrl: hasWebhook ? `${this.parts.publicUrl}/webhooks/${encodeURIComponent(id)}` : null,
      health: {
        state: health.state,
        problem: health.problem,
        lastInboundAt: health.lastInboundAt?.toISOString() ?? null,
        lastOutboundAt: health.lastOutboundAt?.toISOString() ?? null,
      },
    };
  }

  private check(type: string, configuration: Record<string, unknown>): Record<string, unknown> {
    const channel = this.parts.channels.get(type);
    if (!channel) throw new InvalidInput(`type: no channel ${type}`);
    const problems = channel.checkConfiguration(configuration);
    const [first] = problems;
    if (first)
      throw new InvalidInput(`configuration${first.path && ` ${first.path}`}: ${first.message}`, problems);
    return configuration;
  }

  private seal(configuration: Record<string, unknown>): string {
    return this.parts.secrets.encrypt(JSON.stringify(configuration));
  }

  private toAccount(row: AccountRow): Account {
    const { type, name, source, enabled } = row;
    const configuration = JSON.parse(this.parts.secrets.decrypt(row.configuration)) as Record<
      string,
      unknown
    >;
    const health = this.byId.get(row._id)?.health ?? {
      state: 'unknown',
      problem: null,
      lastInboundAt: null,
      lastOutboundAt: null,
    };
    return { id: row._id, type, name, configuration, source, enabled, health };
  }
}

export const defineAccounts = (connection: Connection): Model<AccountRow> =>
  connection.model<AccountRow>('Account', schema, 'accounts');

const schema = new Schema<AccountRow>(
  {
    _id: { type: String, required: true },
    type: { type: String, required: true },
    name: { type: String, required: true },
    configuration: { type: String, required: true },
    source: { type: String, required: true },
    enabled: { type: Boolean, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ source: 1 });
