import { Schema, type Connection, type Model } from 'mongoose';
import { isWindowOpen, reopenWindow, type ReplyWindow, type WindowRule } from '../domain/reply-window';

/** A place on a platform where we and one identity write, for ever: account and tags. */
export interface ThreadRow {
  _id: string;
  accountId: string;
  channel: string;
  identityId: string;
  tags: Record<string, string>;
  replyWindow: ReplyWindow | null;
  /** The inbox order of the act that last opened the window, so that a replay opens nothing. */
  windowOrder: string;
}

export class Threads {
  private readonly model: Model<ThreadRow>;

  constructor(connection: Connection) {
    this.model = defineThreads(connection);
  }

  byId(id: string): Promise<ThreadRow | null> {
    return this.model.findById(id).lean();
  }

  /** Writes the thread at its first message and renews its reply window at each. */
  async touch(
    thread: Omit<ThreadRow, 'replyWindow' | 'windowOrder'>,
    act: WindowAct,
  ): Promise<ReplyWindow | null> {
    const { _id, ...fields } = thread;
    const stored = await this.model
      .findOneAndUpdate({ _id }, { $set: fields }, { upsert: true, returnDocument: 'after' })
      .lean();
    if (!act.rule) return null;
    const current = stored?.replyWindow ?? null;
    const next = reopenWindow(current, act.rule, act.at);
    const opened = await this.model.updateOne(
      { _id, windowOrder: { $lt: act.order } },
      { $set: { replyWindow: next, windowOrder: act.order } },
    );
    return opened.modifiedCount === 1 ? next : current;
  }

  /** Takes one message from the window. False: it is closed. */
  async takeFromWindow(thread: ThreadRow, now: Date): Promise<boolean> {
    if (!thread.replyWindow) return true;
    if (!isWindowOpen(thread.replyWindow, now)) return false;
    if (thread.replyWindow.left === null) return true;
    const taken = await this.model.updateOne(
      { _id: thread._id, 'replyWindow.left': { $gt: 0 }, 'replyWindow.closesAt': { $gt: now } },
      { $inc: { 'replyWindow.left': -1 } },
    );
    return taken.modifiedCount === 1;
  }

  /** Gives it back: the platform did not take the message. */
  async returnToWindow(threadId: string): Promise<void> {
    await this.model.updateOne(
      { _id: threadId, 'replyWindow.left': { $gte: 0 } },
      { $inc: { 'replyWindow.left': 1 } },
    );
  }
}

interface WindowAct {
  rule: WindowRule | null;
  order: string;
  at: Date;
}

export const defineThreads = (connection: Connection): Model<ThreadRow> =>
  connection.model<ThreadRow>('Thread', schema, 'threads');

const schema = new Schema<ThreadRow>(
  {
    _id: { type: String, required: true },
    accountId: { type: String, required: true },
    channel: { type: String, required: true },
    identityId: { type: String, required: true },
    tags: { type: Schema.Types.Mixed, default: {} },
    replyWindow: { type: new Schema({ closesAt: Date, left: Number }, { _id: false }), default: null },
    windowOrder: { type: String, default: '' },
  },
  { versionKey: false, minimize: false },
);
