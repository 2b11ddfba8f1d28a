import { Schema, type Connection, type Model } from 'mongoose';
import type { ClockState, Deadline, Metric } from '../../domain/sla';

/** One promise that runs, or ran. */
export interface ClockRow extends Deadline {
  _id: string;
  ticketId: string;
  conversationId: string | null;
  metric: Metric;
  policy: string;
  calendar: 'hours' | 'always';
  state: ClockState;
  startedAt: Date;
  /** How many of its alarms have been told. */
  told: number;
  pausedAt: Date | null;
  breachedAt: Date | null;
  endedAt: Date | null;
  /** When the sweeper must look at it next; null when it has nothing to do. */
  nextAt: Date | null;
}
export type ClockModel = Model<ClockRow>;

/** States in which a promise is shown. */
export const alive = ['running', 'paused', 'breached'] as const;

export function defineClocks(connection: Connection): ClockModel {
  return connection.model<ClockRow>('SlaClock', schema, 'clocks');
}

const required = { type: String, required: true };
const time = { type: Date, required: true };
const moment = { type: Date, default: null };

const schema = new Schema<ClockRow>(
  {
    _id: required,
    ticketId: required,
    conversationId: { type: String, default: null },
    metric: required,
    policy: required,
    calendar: required,
    state: required,
    startedAt: time,
    dueAt: time,
    warnAt: time,
    lastCallAt: time,
    told: { type: Number, default: 0 },
    pausedAt: moment,
    breachedAt: moment,
    endedAt: moment,
    nextAt: moment,
  },
  { versionKey: false },
);
schema.index({ nextAt: 1 }, { partialFilterExpression: { nextAt: { $type: 'date' } } });
schema.index({ ticketId: 1, state: 1, dueAt: 1 });
// The wall: what is breached now, and today's first responses.
schema.index({ state: 1, dueAt: 1 });
schema.index({ metric: 1, startedAt: 1 });
