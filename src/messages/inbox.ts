import { Schema, type Connection, type Model } from 'mongoose';
import type { Inbound } from '../domain/inbound';
import type { Plan } from '../domain/plan';
import type { Clock } from '../platform/clock';
import type { Signals } from '../platform/coordination';
import { sortableId } from '../platform/ids';
import { Batched } from '../platform/mongo/batch/batched';
import { firstOfEach } from '../platform/mongo/batch/first-of-each';
import { isDuplicateKey } from '../platform/mongo/connection';
import { AllPages, pageSize } from './all-pages';

export interface InboxRow extends Omit<Inbound, 'id'> {
  /** `{accountId}:{externalId}`: redelivered, it is the same row. */
  _id: string;
  /** Sorts by time of receipt; the order inside a thread. */
  order: string;
  receivedAt: Date;
  state: 'received' | 'done' | 'dead' | 'quarantined' | 'discarded';
  /** Of a quarantined webhook: the request that brought it, sealed, so that it can be handed in again. */
  request: string | null;
  /** The decision, recorded before any of its effects. */
  plan: Plan | null;
  attempts: number;
  error: string | null;
  doneAt: Date | null;
}

/** How often a row that cannot be handled is tried before its thread goes on without it. */
export const maxInboxAttempts = 6;
/** How many rows of one thread are read together, and handled before another thread has its turn. */
export const rowsAtOnce = 20;
const keptSeconds = 30 * 24 * 3_600;

/** Everything that arrived, written before anything is acknowledged. */
export class Inbox {
  private readonly model: Model<InboxRow>;
  private readonly rows: Batched<InboxRow>;
  private readonly reading = firstOfEach(
    (threads, limit) => this.waitingIn(threads, limit),
    (row) => row.threadId,
    rowsAtOnce,
  );
  private readonly waiting = new AllPages();

  constructor(
    connection: Connection,
    private readonly parts: { clock: Clock; signals: Signals },
  ) {
    this.model = defineInbox(connection);
    this.rows = new Batched(this.model);
  }

  /** Answers after the durable write, which many share. The same delivery again changes nothing. */
  async accept(inbound: Inbound): Promise<{ created: boolean }> {
    const { id, raw, ...rest } = inbound;
    const fresh = { ...freshRow, ...rest, _id: id, raw: raw && Buffer.from(raw) };
    // Its place is given when the write leaves: what is written later must not stand before it.
    const created = await this.rows.insert(() => {
      const receivedAt = this.parts.clock.now();
      return { ...fresh, receivedAt, order: sortableId(receivedAt) };
    });
    if (created) this.parts.signals.send('inbox', inbound.threadId);
    return { created };
  }

  /** Keeps what is signed but not understood, for a person to look at. */
  async quarantine(found: {
    id: string;
    accountId: string;
    channel: string;
    raw: Uint8Array;
    request: string | null;
  }): Promise<void> {
    const receivedAt = this.parts.clock.now();
    const row = {
      ...unknownRow,
      ...found,
      _id: `${found.accountId}:${found.id}`,
      raw: Buffer.from(found.raw),
    };
    try {
      await this.model.insertMany([{ ...row, order: sortableId(receivedAt), receivedAt }]);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async byId(id: string): Promise<InboxRow | null> {
    const row = await this.model.findById(id).lean();
    // A lean read answers the driver's own Binary.
    const raw = row?.raw as { buffer: Uint8Array } | Uint8Array | null | undefined;
    return row && { ...row, raw: raw ? Buffer.from(raw instanceof Uint8Array ? raw : raw.buffer) : null };
  }

  /** What could not be handled, or was not understood; oldest first. */
  setAside(state: 'dead' | 'quarantined', after: string, limit: number): Promise<InboxRow[]> {
    return this.model
      .find({ state, order: { $gt: after } })
      .sort({ order: 1 })
      .limit(limit)
      .lean();
  }

  /** Tries a dead row again: the same row, and the decision that it may have already. */
  async revive({ _id, threadId }: InboxRow): Promise<void> {
    await this.model.updateOne(
      { _id, state: 'dead' },
      { $set: { state: 'received', attempts: 0, error: null } },
    );
    this.parts.signals.send('inbox', threadId);
  }

  async giveUp({ _id, state }: InboxRow, next: 'done' | 'discarded'): Promise<void> {
    await this.model.updateOne({ _id, state }, { $set: { state: next, doneAt: this.parts.clock.now() } });
  }

  /** Threads with something to handle, oldest first. */
  async pendingThreads(): Promise<string[]> {
    const rows = await this.waiting.look((skip) =>
      this.model
        .find({ state: 'received' })
        .sort({ order: 1 })
        .skip(skip)
        .limit(pageSize)
        .select('threadId')
        .lean(),
    );
    return [...new Set(rows.map((row) => row.threadId))];
  }

  /** The oldest rows of a thread that are to be handled, at most `rowsAtOnce`. */
  nextOf(threadId: string): Promise<InboxRow[]> {
    return this.reading.do(threadId);
  }

  /** Without the bytes that arrived: nobody needs them to answer. */
  private waitingIn(threads: string[], limit: number): Promise<InboxRow[]> {
    const found = this.model.collection
      .find({ threadId: { $in: threads }, state: 'received' })
      .project({ raw: 0, request: 0 })
      .sort({ order: 1 })
      .limit(limit);
    return found.toArray() as unknown as Promise<InboxRow[]>;
  }

  /** The last rows of a thread that are not done, oldest first: acknowledged, and perhaps not among the messages yet. */
  async unhandled(threadId: string, limit: number): Promise<InboxRow[]> {
    const newestFirst = await this.model
      .find({ threadId, state: { $in: ['received', 'dead'] } })
      .select('-raw -request')
      .sort({ order: -1 })
      .limit(limit)
      .lean();
    return newestFirst.reverse();
  }

  /** Records the decision. Answers the one that stands, which may be an earlier one. */
  async recordPlan({ _id }: InboxRow, plan: Plan): Promise<Plan> {
    if (await this.rows.update({ _id, plan: null }, { $set: { plan } })) return plan;
    const stored = await this.rows.byId(_id);
    return stored?.plan ?? plan;
  }

  /** Takes a recorded decision back, when nothing of it has been done. */
  async dropPlan(row: InboxRow): Promise<void> {
    await this.model.updateOne({ _id: row._id, state: 'received' }, { $set: { plan: null } });
  }

  async finish(row: InboxRow): Promise<void> {
    await this.rows.update({ _id: row._id }, { $set: { state: 'done', doneAt: this.parts.clock.now() } });
  }

  /** Counts a failed try. A row that fails again and again is set aside, so that its thread can go on. */
  async fail(row: InboxRow, message: string): Promise<{ dead: boolean }> {
    const dead = row.attempts + 1 >= maxInboxAttempts;
    const error = message.slice(0, 500);
    await this.model.updateOne(
      { _id: row._id },
      { $inc: { attempts: 1 }, $set: { error, ...(dead && { state: 'dead' as const }) } },
    );
    return { dead };
  }

  /** For the gauges: what waits, and since when. */
  async backlog(): Promise<{ oldestAt: Date | null; dead: number; quarantined: number }> {
    const oldest = await this.model
      .findOne({ state: 'received' })
      .sort({ order: 1 })
      .select('receivedAt')
      .lean();
    const dead = await this.model.countDocuments({ state: 'dead' });
    const quarantined = await this.model.countDocuments({ state: 'quarantined' });
    return { oldestAt: oldest?.receivedAt ?? null, dead, quarantined };
  }
}

const nobody = { network: '', externalId: '', platformId: null, name: null, language: null, followers: null };
const freshRow = {
  request: null,
  state: 'received' as const,
  plan: null,
  attempts: 0,
  error: null,
  doneAt: null,
};
const unknownRow = {
  threadId: '',
  identityId: '',
  author: nobody,
  what: { kind: 'event', event: { type: 'other', name: 'quarantined' } } as const,
  sentAt: null,
  threadTags: {},
  state: 'quarantined' as const,
};

export const defineInbox = (connection: Connection): Model<InboxRow> =>
  connection.model<InboxRow>('Inbox', schema, 'inbox');

const schema = new Schema<InboxRow>(
  {
    _id: { type: String, required: true },
    accountId: { type: String, required: true },
    channel: { type: String, required: true },
    threadId: { type: String, default: '' },
    identityId: { type: String, default: '' },
    author: { type: Schema.Types.Mixed, required: true },
    what: { type: Schema.Types.Mixed, required: true },
    sentAt: { type: Date, default: null },
    threadTags: { type: Schema.Types.Mixed, default: {} },
    raw: { type: Buffer, default: null },
    request: { type: String, default: null },
    order: { type: String, required: true },
    receivedAt: { type: Date, required: true },
    state: { type: String, required: true },
    plan: { type: Schema.Types.Mixed, default: null },
    attempts: { type: Number, default: 0 },
    error: { type: String, default: null },
    doneAt: { type: Date, default: null },
  },
  { versionKey: false, minimize: false },
);
schema.index({ state: 1, order: 1 });
schema.index({ threadId: 1, state: 1, order: 1 });
schema.index({ doneAt: 1 }, { expireAfterSeconds: keptSeconds });
