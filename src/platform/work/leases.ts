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
/** No lease reaches that far: its owner's clock, or ours, has jumped. The fence keeps the old owner out. */
const longestLeaseMs = 10 * leaseMs;

/** Leases live in the store, so a node that dies loses its own by time. */
export class Leases {
  private readonly model: Model<LeaseRow>;

  constructor(
    connection: Connection,
    /** This process. */
    readonly owner: string,
    private readonly clock: Clock,
  ) {
    this.model = defineLeases(connection);
  }

  /** Null while another owner holds it. */
  async acquire(key: string, forMs = leaseMs): Promise<Lease | null> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + forMs);
    const impossible = new Date(now.getTime() + longestLeaseMs);
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

  /** Renews many at once. Answers those that are still held. */
  async renewAll(leases: Lease[], forMs = leaseMs): Promise<Lease[]> {
    if (leases.length === 0) return [];
    const now = this.clock.now();
    const held = { owner: this.owner, until: { $gt: now } };
    const until = new Date(now.getTime() + forMs);
    const _id = { $in: leases.map(({ key }) => key) };
    const renewed = await this.model.updateMany({ _id, ...held }, { $set: { until } });
    if (renewed.matchedCount === leases.length) return leases;
    const rows = await this.model
      .find({ _id, ...held })
      .select('_id')
      .lean();
    const kept = new Set(rows.map((row) => row._id));
    return leases.filter(({ key }) => kept.has(key));
  }

  /** Which of these nobody holds now. Somebody may be quicker to take one. */
  async free(keys: string[]): Promise<string[]> {
    const now = this.clock.now();
    const held = { $gt: now, $lte: new Date(now.getTime() + longestLeaseMs) };
    const rows = await this.model
      .find({ _id: { $in: keys }, until: held })
      .select('_id')
      .lean();
    const taken = new Set(rows.map((row) => row._id));
    return keys.filter((key) => !taken.has(key));
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
