import { Schema, type Connection, type Model } from 'mongoose';
import type { Clock } from '../clock';
import { leaseMs } from './leases';

interface NodeRow {
  _id: string;
  until: Date;
}
const keptSeconds = 3_600;

/** The server processes that live. Each says so from time to time, and is forgotten when it no longer does. */
export class Nodes {
  private readonly model: Model<NodeRow>;

  constructor(
    connection: Connection,
    readonly own: string,
    private readonly clock: Clock,
  ) {
    this.model = defineNodes(connection);
  }

  async announce(): Promise<void> {
    const until = new Date(this.clock.now().getTime() + leaseMs);
    await this.model.updateOne({ _id: this.own }, { $set: { until } }, { upsert: true });
  }

  /** How many live, this one included. */
  async count(): Promise<number> {
    const now = this.clock.now();
    // Nobody lives that long without a word: a clock has jumped.
    const impossible = new Date(now.getTime() + 10 * leaseMs);
    const others = await this.model.countDocuments({
      _id: { $ne: this.own },
      until: { $gt: now, $lte: impossible },
    });
    return others + 1;
  }

  async leave(): Promise<void> {
    await this.model.deleteOne({ _id: this.own });
  }
}

export const defineNodes = (connection: Connection): Model<NodeRow> =>
  connection.model<NodeRow>('Node', schema, 'nodes');

const schema = new Schema<NodeRow>(
  { _id: { type: String, required: true }, until: { type: Date, required: true } },
  { versionKey: false },
);
schema.index({ until: 1 }, { expireAfterSeconds: keptSeconds });
