import { Schema, type Connection, type Model } from 'mongoose';
import { atLeast, roles, type Viewer } from '../../domain/role';
import { isDuplicateKey } from '../mongo/connection';
import type { PendingEvent } from './pending';

/** The log of all that the console hears of: `_id` is the sequence number, without a gap. */
export interface LoggedEvent {
  _id: number;
  eventId: string;
  type: string;
  at: Date;
  data: unknown;
  teamId: string | null;
  agentIds: string[];
  minimumRole: string | null;
}

/** How long a console may have been away and still catch up without reading everything anew. */
export const keptMs = 7 * 24 * 3_600_000;

export class EventLog {
  private readonly model: Model<LoggedEvent>;
  /** The last that this process appended; null when another one may have gone on. */
  private last: Pick<LoggedEvent, '_id' | 'at'> | null = null;

  constructor(connection: Connection) {
    this.model = defineEventLog(connection);
  }

  /**
   * Appends what is not there yet, with consecutive numbers, and answers that. Two writers at once: the unique `_id` has
   * one winner.
   */
  async append(events: PendingEvent[]): Promise<LoggedEvent[]> {
    if (events.length === 0) return [];
    const atOnce = await this.appendAt(this.likelyHead(events), events);
    if (atOnce) return atOnce;
    // Someone else has written, or some of it is there already.
    for (let fresh = await this.missing(events); fresh.length > 0; fresh = await this.missing(fresh)) {
      const appended = await this.appendAt(await this.head(), fresh);
      if (appended) return appended;
    }
    return [];
  }

  /** A wrong guess meets a number that is taken, unless what another process wrote is so old that it is forgotten. */
  private likelyHead(events: PendingEvent[]): number | null {
    const { last } = this;
    const isRecent = events.every(
      ({ at }) => last && Math.abs(at.getTime() - last.at.getTime()) < keptMs / 2,
    );
    return last && isRecent ? last._id : null;
  }

  /** Null: a number is taken, or one of the events is there. */
  private async appendAt(head: number | null, events: PendingEvent[]): Promise<LoggedEvent[] | null> {
    if (head === null) return null;
    this.last = null;
    const rows = events.map((event, index) => toRow(event, head + 1 + index));
    try {
      await this.model.collection.insertMany(rows as never[], { ordered: true });
      this.last = rows.at(-1) ?? null;
      return rows;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return null;
    }
  }

  /** The last number given; 0 before the first. */
  async head(): Promise<number> {
    const last = await this.model.findOne().sort({ _id: -1 }).select('_id').lean();
    return last?._id ?? 0;
  }

  /** The last event up to `upTo` that this viewer may see. */
  async headFor(viewer: Viewer, upTo: number): Promise<number> {
    const filter = { $and: [{ _id: { $lte: upTo } }, visibleTo(viewer)] };
    const last = await this.model.findOne(filter).sort({ _id: -1 }).select('_id').lean();
    return last?._id ?? 0;
  }

  read(after: number, limit: number): Promise<LoggedEvent[]> {
    return this.model
      .find({ _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean();
  }

  readFor(viewer: Viewer, after: number, limit: number): Promise<LoggedEvent[]> {
    const filter = { $and: [{ _id: { $gt: after } }, visibleTo(viewer)] };
    return this.model.find(filter).sort({ _id: 1 }).limit(limit).lean();
  }

  /** The oldest number still kept; what was before it is gone. */
  async oldest(): Promise<number> {
    const first = await this.model.findOne().sort({ _id: 1 }).select('_id').lean();
    return first?._id ?? 1;
  }

  /**
   * Takes away its beginning, as far as that is too old: between those that stay none is missing. The last one stays
   * however old it is, for the next number follows from it.
   */
  async forgetOld(now: Date): Promise<void> {
    const last = await this.head();
    const recent = { _id: { $lt: last }, at: { $gt: new Date(now.getTime() - keptMs) } };
    const kept = await this.model.findOne(recent).sort({ _id: 1 }).select('_id').lean();
    await this.model.deleteMany({ _id: { $lt: kept?._id ?? last } });
  }

  private async missing(events: PendingEvent[]): Promise<PendingEvent[]> {
    if (events.length === 0) return [];
    const ids = events.map((event) => event.id);
    const known = await this.model
      .find({ eventId: { $in: ids } })
      .select('eventId')
      .lean();
    const knownIds = new Set(known.map((event) => event.eventId));
    const unique = new Map(events.map((event) => [event.id, event]));
    return [...unique.values()].filter((event) => !knownIds.has(event.id));
  }
}

/** The same rule as `maySee`, as a filter. */
function visibleTo(viewer: Viewer) {
  const withinRole = roles.filter((role) => atLeast(viewer.role, role));
  const role = { minimumRole: { $in: [null, ...withinRole] } };
  if (atLeast(viewer.role, 'supervisor')) return role;
  return { ...role, $or: [{ agentIds: viewer.agentId }, { teamId: { $in: [null, ...viewer.teamIds] } }] };
}

const toRow = (event: PendingEvent, seq: number): LoggedEvent => ({
  _id: seq,
  eventId: event.id,
  type: event.type,
  at: event.at,
  data: event.data,
  teamId: event.teamId,
  agentIds: event.agentIds,
  minimumRole: event.minimumRole,
});

export const defineEventLog = (connection: Connection): Model<LoggedEvent> =>
  connection.model<LoggedEvent>('Event', schema, 'events');

const schema = new Schema<LoggedEvent>(
  {
    _id: { type: Number, required: true },
    eventId: { type: String, required: true },
    type: { type: String, required: true },
    at: { type: Date, required: true },
    data: { type: Schema.Types.Mixed, required: true },
    teamId: { type: String, default: null },
    agentIds: { type: [String], default: [] },
    minimumRole: { type: String, default: null },
  },
  { minimize: false, versionKey: false },
);
schema.index({ eventId: 1 }, { unique: true });
