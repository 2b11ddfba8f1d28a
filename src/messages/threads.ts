import { Schema, type Connection, type Model } from 'mongoose';
import { refuseMessages, reopenWindow, type ReplyWindow, type WindowRule } from '../domain/reply-window';
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
  /** The claim of the outbox row that last took messages of the window. */
  takenBy: string;
}

const longestRace = 8;

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
    const windowOrder = act.rule ? act.order : '';
    const isNew = await this.rows.insert({ ...thread, replyWindow, windowOrder, takenBy: '' });
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

  /**
   * Takes so many messages of a window that counts them. Answers what is left; null: there are not so many. Many at once
   * share round trips, so it is written down whose claim took last: nobody takes twice who cannot be told that it has.
   */
  async takeFromWindow(
    threadId: string,
    { messages, claim: takenBy, now }: { messages: number; claim: string; now: Date },
  ): Promise<ReplyWindow | null> {
    const fits = { 'replyWindow.left': { $gte: messages }, 'replyWindow.closesAt': { $gt: now } };
    const take = { $inc: { 'replyWindow.left': -messages }, $set: { takenBy } };
    for (let race = 0; race < longestRace; race++) {
      const isTaken = await this.rows.update({ _id: threadId, takenBy: { $ne: takenBy }, ...fits }, take);
      const thread = await this.rows.byId(threadId);
      if (isTaken || thread?.takenBy === takenBy) return thread?.replyWindow ?? null;
      if (!thread?.replyWindow || refuseMessages(thread.replyWindow, messages, now)) return null;
    }
    throw new Error(`Thread ${threadId} changes too fast.`);
  }

  /** Gives them back: the platform did not take the message. */
  async returnToWindow(threadId: string, messages: number): Promise<void> {
    await this.model.updateOne(
      { _id: threadId, 'replyWindow.left': { $gte: 0 } },
      { $inc: { 'replyWindow.left': messages } },
    );
  }

  /** The platform says that this window is closed, whatever we counted. One that was opened since stays open. */
  async closeWindow(threadId: string, { closesAt }: ReplyWindow, now: Date): Promise<void> {
    await this.model.updateOne(
      { _id: threadId, 'replyWindow.closesAt': closesAt },
      { $set: { 'replyWindow.closesAt': now } },
    );
  }
}

type Place = Omit<ThreadRow, 'replyWindow' | 'windowOrder' | 'takenBy'>;
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
    replyWindow: {
      type: new Schema({ openedAt: Date, closesAt: Date, left: Number }, { _id: false }),
      default: null,
    },
    windowOrder: { type: String, default: '' },
    takenBy: { type: String, default: '' },
  },
  { versionKey: false, minimize: false },
);
