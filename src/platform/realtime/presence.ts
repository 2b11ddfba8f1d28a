import { Schema, type Connection, type Model } from 'mongoose';
import type { Clock } from '../clock';
import { Batcher } from '../mongo/batch/batcher';

interface PresenceRow {
  /** The agent's id. */
  _id: string;
  seenAt: Date;
}

/** A lost connection is forgiven this long before the agent's conversations go back. */
export const graceMs = 3 * 60_000;

/**
 * Whose console was open when. It lives in the store: a node that dies cannot tell who was on it,
 * and Redis may be away just then.
 */
export class Presence {
  private readonly model: Model<PresenceRow>;
  private readonly beats = new Batcher<string, null>(async (agentIds) => {
    await this.beat([...new Set(agentIds)]);
    return agentIds.map(() => ({ result: null }));
  });

  constructor(
    connection: Connection,
    private readonly clock: Clock,
  ) {
    this.model = definePresence(connection);
  }

  /** These agents have an open console on this node now. Many at once share a round trip. */
  async seen(agentIds: string[]): Promise<void> {
    await Promise.all([...new Set(agentIds)].map((agentId) => this.beats.do(agentId)));
  }

  private async beat(agentIds: string[]): Promise<void> {
    const seenAt = this.clock.now();
    const beats = agentIds.map((_id) => ({
      updateOne: { filter: { _id }, update: { $max: { seenAt } }, upsert: true },
    }));
    await this.model.bulkWrite(beats, { ordered: false });
  }

  /** Whether a console of this agent is open, or was a moment ago. */
  async hasConsole(agentId: string): Promise<boolean> {
    return (await this.model.exists({ _id: agentId })) !== null;
  }

  /** Hands over everyone whose last console has been away for the whole grace. Repeated until `release` succeeds. */
  async sweep(release: (agentId: string) => Promise<void>, now = this.clock.now()): Promise<void> {
    const limit = new Date(now.getTime() - graceMs);
    const lost = await this.model
      .find({ seenAt: { $lte: limit } })
      .limit(100)
      .lean();
    for (const { _id, seenAt } of lost) {
      // Back while others were released.
      if (!(await this.model.exists({ _id, seenAt }))) continue;
      await release(_id);
      await this.model.deleteOne({ _id, seenAt });
    }
  }
}

export const definePresence = (connection: Connection): Model<PresenceRow> =>
  connection.model<PresenceRow>('Presence', schema, 'presence');

const schema = new Schema<PresenceRow>(
  { _id: { type: String, required: true }, seenAt: { type: Date, required: true } },
  { versionKey: false },
);
schema.index({ seenAt: 1 });
