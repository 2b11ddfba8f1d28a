import { Schema, type Connection, type Model } from 'mongoose';
import type { Content } from '../domain/content';
import type { DeliveryFailure } from '../domain/delivery';
import type { Clock } from '../platform/clock';
import type { Signals } from '../platform/coordination';
import { sortableId } from '../platform/ids';
import { Batched } from '../platform/mongo/batch/batched';
import { Batcher, type Outcome } from '../platform/mongo/batch/batcher';
import { firstOfEach } from '../platform/mongo/batch/first-of-each';
import { AllPages, pageSize } from './all-pages';

export interface OutboxRow {
  /** The reply key: one for each message and each decision to send it. */
  _id: string;
  messageId: string;
  conversationId: string;
  threadId: string;
  accountId: string;
  content: Content;
  state: 'pending' | 'sending' | 'sent' | 'failed' | 'unknown' | 'dead' | 'discarded';
  order: string;
  dueAt: Date;
  /** Replies go before bulk. */
  priority: number;
  /** Asked right before each send. */
  gates: ('window' | 'consent' | 'holds')[];
  attempts: number;
  /** Of the last try: who has marked it, where many are marked in one round trip. */
  claim: string | null;
  /** How often a person has decided to send it again. */
  round?: number;
  lastError: DeliveryFailure | null;
  createdAt: Date;
  settledAt: Date | null;
}

export type NewOutboxRow = Pick<
  OutboxRow,
  'messageId' | 'conversationId' | 'threadId' | 'accountId' | 'content'
> & { key: string };

/** What is sent in order, one at a time: a thread of an account. */
export const laneOf = ({ accountId, threadId }: Pick<OutboxRow, 'accountId' | 'threadId'>): string =>
  `${accountId}|${threadId}`;
export const accountOf = (lane: string): string => lane.slice(0, lane.lastIndexOf('|'));
export const threadOf = (lane: string): string => lane.slice(lane.lastIndexOf('|') + 1);

/** How many rows of one thread are read together, and sent before another thread has its turn. */
export const rowsAtOnce = 20;

/** Everything that must reach a platform, written before anything is sent. */
export class Outbox {
  private readonly model: Model<OutboxRow>;
  private readonly rows: Batched<OutboxRow>;
  private readonly enqueuing = new Batcher<NewOutboxRow[], void>((calls) => this.enqueueAll(calls));
  private readonly reading = firstOfEach(
    (threads, limit) => this.waitingRows(threads, limit),
    (row) => row.threadId,
    rowsAtOnce,
  );
  private readonly waiting = new AllPages();

  constructor(
    connection: Connection,
    private readonly parts: { clock: Clock; signals: Signals },
  ) {
    this.model = defineOutbox(connection);
    this.rows = new Batched(this.model);
  }

  /** Enqueues what is not there yet, in this order. */
  async enqueue(rows: NewOutboxRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.enqueuing.do(rows);
    for (const lane of new Set(rows.map(laneOf))) this.parts.signals.send('outbox', lane);
  }

  /** In order: a message must not be there without those before it. */
  private async enqueueAll(calls: NewOutboxRow[][]): Promise<Outcome<void>[]> {
    const now = this.parts.clock.now();
    const upserts = calls.flat().map(({ key, ...row }) => ({
      updateOne: {
        filter: { _id: key },
        update: {
          $setOnInsert: { ...row, ...freshRow, order: sortableId(now), dueAt: atOnce, createdAt: now },
        },
        upsert: true,
      },
    }));
    await this.model.collection.bulkWrite(upserts as never[], { ordered: true });
    return calls.map(() => ({ result: undefined }));
  }

  /** Lanes with something to send now, but for accounts that take nothing. */
  async pendingLanes(closedAccounts: string[]): Promise<string[]> {
    const due = {
      state: { $in: ['pending' as const, 'sending' as const] },
      dueAt: { $lte: this.parts.clock.now() },
      ...(closedAccounts.length > 0 && { accountId: { $nin: closedAccounts } }),
    };
    const rows = await this.waiting.look((skip) =>
      this.model
        .find(due)
        .sort({ priority: 1, dueAt: 1, order: 1 })
        .skip(skip)
        .limit(pageSize)
        .select('threadId accountId')
        .lean(),
    );
    return [...new Set(rows.map(laneOf))];
  }

  /** What waits in a thread, oldest first, at most `rowsAtOnce`. */
  waitingIn(threadId: string): Promise<OutboxRow[]> {
    return this.reading.do(threadId);
  }

  private waitingRows(threads: string[], limit: number): Promise<OutboxRow[]> {
    const filter = { threadId: { $in: threads }, state: { $in: ['pending', 'sending'] } };
    const found = this.model.collection.find(filter).sort({ order: 1 }).limit(limit);
    return found.toArray() as unknown as Promise<OutboxRow[]>;
  }

  /** Marks it before the call: found so after a crash, nobody knows whether it arrived. */
  async markSending({ _id }: OutboxRow, claim: string): Promise<boolean> {
    const marked = await this.rows.update(
      { _id, state: 'pending' },
      { $set: { state: 'sending', claim }, $inc: { attempts: 1 } },
    );
    return marked || (await this.rows.byId(_id))?.claim === claim;
  }

  async settle(
    { _id }: OutboxRow,
    state: 'sent' | 'failed' | 'unknown' | 'dead',
    error: DeliveryFailure | null,
  ) {
    await this.rows.update(
      { _id, state: { $in: ['pending', 'sending', 'unknown'] } },
      { $set: { state, lastError: error, settledAt: this.parts.clock.now() } },
    );
  }

  async postpone(row: OutboxRow, dueAt: Date, error: DeliveryFailure): Promise<void> {
    await this.model.updateOne(
      { _id: row._id, state: 'sending' },
      { $set: { state: 'pending', dueAt, lastError: error } },
    );
  }

  /** A person has decided to send it again: the same row, under the same key. False when it is on its way or sent. */
  async reopen(key: string): Promise<boolean> {
    const row = await this.model
      .findOneAndUpdate(
        { _id: key, state: { $in: ['failed', 'unknown', 'dead'] } },
        { $set: { state: 'pending', dueAt: atOnce, attempts: 0, settledAt: null }, $inc: { round: 1 } },
      )
      .select('threadId accountId')
      .lean();
    if (row) this.parts.signals.send('outbox', laneOf(row));
    return row !== null;
  }

  byKey(key: string): Promise<OutboxRow | null> {
    return this.model.findById(key).lean();
  }

  /** What was given up, or may or may not have arrived; oldest first. */
  setAside(after: string, limit: number): Promise<OutboxRow[]> {
    return this.model
      .find({ state: { $in: ['dead', 'unknown'] }, order: { $gt: after } })
      .sort({ order: 1 })
      .limit(limit)
      .lean();
  }

  async discard(key: string): Promise<void> {
    const settledAt = this.parts.clock.now();
    await this.model.updateOne(
      { _id: key, state: { $in: ['dead', 'unknown'] } },
      { $set: { state: 'discarded', settledAt } },
    );
  }

  /** For the gauges. What is under way has not been sent yet: its platform may hold it for ever. */
  async backlog(): Promise<{ oldestAt: Date | null; dead: number; unknown: number }> {
    const oldest = await this.model
      .findOne({ state: { $in: ['pending', 'sending'] } })
      .sort({ priority: 1, dueAt: 1, order: 1 })
      .select('createdAt')
      .lean();
    const dead = await this.model.countDocuments({ state: 'dead' });
    const unknown = await this.model.countDocuments({ state: 'unknown' });
    return { oldestAt: oldest?.createdAt ?? null, dead, unknown };
  }
}

/** Not the time of writing: a wall clock that is set back would make it wait. */
const atOnce = new Date(0);

const freshRow = {
  state: 'pending' as const,
  priority: 0,
  gates: ['window' as const],
  attempts: 0,
  claim: null,
  round: 0,
  lastError: null,
  settledAt: null,
};

export const defineOutbox = (connection: Connection): Model<OutboxRow> =>
  connection.model<OutboxRow>('Outbox', schema, 'outbox');

const schema = new Schema<OutboxRow>(
  {
    _id: { type: String, required: true },
    messageId: { type: String, required: true },
    conversationId: { type: String, required: true },
    threadId: { type: String, required: true },
    accountId: { type: String, required: true },
    content: { type: Schema.Types.Mixed, required: true },
    state: { type: String, required: true },
    order: { type: String, required: true },
    dueAt: { type: Date, required: true },
    priority: { type: Number, required: true },
    gates: { type: [String], default: [] },
    attempts: { type: Number, default: 0 },
    claim: { type: String, default: null },
    round: { type: Number, default: 0 },
    lastError: { type: Schema.Types.Mixed, default: null },
    createdAt: { type: Date, required: true },
    settledAt: { type: Date, default: null },
  },
  { versionKey: false, minimize: false },
);
schema.index({ state: 1, priority: 1, dueAt: 1, order: 1 });
schema.index({ threadId: 1, state: 1, order: 1 });
