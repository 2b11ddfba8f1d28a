import { Schema, type Connection, type Model } from 'mongoose';
import type { Clock } from '../clock';
import { isDuplicateKey } from '../mongo/connection';

/** The right to work on something alone, for a while. `fence` rises with every new owner: stale writers are told by it. */
export interface Lease {
  key: string;
  fence: number;
}

/** A newer owner is at work: whoever hears this stops, and touches nothing more. */
export class LaneLost extends Error {
  constructor(key: string) {
    super(`${key} has a newer owner.`);
    this.name = 'LaneLost';
  }
}

interface LeaseRow {
  _id: string;
  owner: string;
  fence: number;
  until: Date;
}

/** What a dead node held is taken over after this, and within 10 s handled. */
export const leaseMs = 6_000;

/** Leases live in the store, so a node that dies loses its own by time. */
export class Leases {
  private readonly model: Model<LeaseRow>;

  constructor(
    connection: Connection,
    private readonly owner: string,
    private readonly clock: Clock,
  ) {
    this.model = defineLeases(connection);
  }

  /** Null while another owner holds it. */
  async acquire(key: string, forMs = leaseMs): Promise<Lease | null> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + forMs);
    // No lease reaches that far: its owner's clock, or ours, has jumped. The fence keeps the old owner out.
    const impossible = new Date(now.getTime() + 10 * leaseMs);
    try {
      const row = await this.model.findOneAndUpdate(
        { _id: key, $or: [{ until: { $lte: now } }, { until: { $gt: impossible } }] },
        { $set: { owner: this.owner, until }, $inc: { fence: 1 } },
        { upsert: true, returnDocument: 'after', lean: true },
      );
      return row && { key, fence: row.fence };
    } catch (error) {
      if (isDuplicateKey(error)) return null;
      throw error;
    }
  }

  /** False when it has been lost. */
  async renew(lease: Lease, forMs = leaseMs): Promise<boolean> {
    const now = this.clock.now();
    const renewed = await this.model.updateOne(
      { _id: lease.key, owner: this.owner, fence: lease.fence, until: { $gt: now } },
      { $set: { until: new Date(now.getTime() + forMs) } },
    );
    return renewed.matchedCount === 1;
  }

  async release(lease: Lease): Promise<void> {
    await this.model.updateOne(
      { _id: lease.key, owner: this.owner, fence: lease.fence },
      { $set: { until: new Date(0) } },
    );
  }

  /** Only for a store with a single server: leases of its last life are void. */
  async voidAll(): Promise<void> {
    await this.model.updateMany({}, { $set: { until: new Date(0) } });
  }
}

export const defineLeases = (connection: Connection): Model<LeaseRow> =>
  connection.model<LeaseRow>('Lease', schema, 'leases');

const schema = new Schema<LeaseRow>(
  {
    _id: { type: String, required: true },
    owner: { type: String, required: true },
    fence: { type: Number, required: true, default: 0 },
    until: { type: Date, required: true },
  },
  { versionKey: false },
);
