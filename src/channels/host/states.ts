import { Schema, type Connection, type Model } from 'mongoose';

interface StateRow {
  _id: string;
  payload: unknown;
  tags: Record<string, string>;
}

/** What integrations keep for themselves: tokens, and the platform's ids of what they sent. */
export class IntegrationStates {
  private readonly model: Model<StateRow>;

  constructor(connection: Connection) {
    this.model = defineStates(connection);
  }

  async get(key: string): Promise<unknown> {
    return (await this.model.findById(key).lean())?.payload ?? null;
  }

  async set(key: string, payload: unknown): Promise<void> {
    if (payload === null) await this.model.deleteOne({ _id: key });
    else await this.model.updateOne({ _id: key }, { $set: { payload } }, { upsert: true });
  }
}

export const defineStates = (connection: Connection): Model<StateRow> =>
  connection.model<StateRow>('IntegrationState', schema, 'integration_states');

const schema = new Schema<StateRow>(
  { _id: { type: String, required: true }, payload: { type: Schema.Types.Mixed, default: null } },
  { versionKey: false, minimize: false },
);
