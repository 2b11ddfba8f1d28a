import { Schema, type Connection, type Model } from 'mongoose';
import { isWindowOpen, reopenWindow, type ReplyWindow, type WindowRule } from '../domain/reply-window';
import { Batched } from '../platform/mongo/batch/batched';

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
  private readonly rows: Batched<ThreadRow>;

  constructor(connection: Connection) {
    this.model = defineThreads(connection);
    this.rows = new Batched(this.model);
  }

  byId(id: string): Promise<ThreadRow | null> {
    return this.rows.byId(id);
  }

  /** Writes the thread at its first message and renews its reply window at each. */
  async touch(thread: Place, act: WindowAct): Promise<ReplyWindow | null> {
    const stored = await this.rows.byId(thread._id);
    if (stored) return this.renew(stored, thread, act);
    const replyWindow = act.rule && reopenWindow(null, act.rule, act.at);
    const isNew = await this.rows.insert({ ...thread, replyWindow, windowOrder: act.rule ? act.order : '' });
    return isNew ? replyWindow : this.touch(thread, act);
  }

  private async renew(stored: ThreadRow, thread: Place, act: WindowAct): Promise<ReplyWindow | null> {
    const { _id, ...place } = thread;
    const isSame = JSON.stringify(stored.tags) === JSON.stringify(thread.tags);
    const rule = stored.windowOrder < act.order ? act.rule : null;
    const window = rule ? reopenWindow(stored.replyWindow, rule, act.at) : stored.replyWindow;
    const change = {
      ...(!isSame && place),
      ...(rule && { windowOrder: act.order }),
      // One that stays as it was is not written: a message may be taken from it meanwhile.
      ...(window !== stored.replyWindow && { replyWindow: window }),
    };
    if (Object.keys(change).length > 0) await this.rows.update({ _id }, { $set: change });
    return act.rule && window;
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

type Place = Omit<ThreadRow, 'replyWindow' | 'windowOrder'>;
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
