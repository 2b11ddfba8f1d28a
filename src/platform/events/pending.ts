import { Schema } from 'mongoose';
import type { EventData, EventType } from '../../contract/events';
import { hidesFromSome, type Audience, type Role } from '../../domain/role';

/** An event that waits in the document whose change it tells, until the relay has appended it to the log. */
export interface PendingEvent {
  /** Unique for ever: appending the same event again changes nothing. */
  id: string;
  type: EventType;
  at: Date;
  data: unknown;
  teamId: string | null;
  agentIds: string[];
  minimumRole: Role | null;
}

export interface EventCarrier {
  pendingEvents: PendingEvent[];
  /** Set while events wait; the relay's index. */
  relayAt: Date | null;
}

/** Schema fields for every collection whose changes are told. Spread them, and call `indexPendingEvents`. */
export const pendingEventsFields = {
  pendingEvents: {
    type: [
      new Schema(
        {
          id: { type: String, required: true },
          type: { type: String, required: true },
          at: { type: Date, required: true },
          data: { type: Schema.Types.Mixed, required: true },
          teamId: { type: String, default: null },
          agentIds: { type: [String], default: [] },
          minimumRole: { type: String, default: null },
        },
        { _id: false, minimize: false },
      ),
    ],
    default: [],
  },
  relayAt: { type: Date, default: null },
};

export function indexPendingEvents(schema: Schema): void {
  schema.index({ relayAt: 1 }, { partialFilterExpression: { relayAt: { $type: 'date' } } });
}

export function pendingEvent<T extends EventType>(
  type: T,
  data: EventData[T],
  audience: Audience,
  { id, at }: { id: string; at: Date },
): PendingEvent {
  const { teamId, agentIds, minimumRole = null } = audience;
  return { id, type, at, data, teamId, agentIds, minimumRole };
}

/**
 * For those who saw a thing before a change and are not told of the change itself. All who saw it hear this, after the
 * event that has the new version: whoever had that one keeps the thing.
 */
export function goneEvents<T extends EventType & `${string}:gone`>(
  type: T,
  data: EventData[T],
  { before, after }: { before: Audience; after: Audience },
  told: PendingEvent,
): PendingEvent[] {
  if (!hidesFromSome(before, after)) return [];
  return [pendingEvent(type, data, before, { id: `${told.id}:gone`, at: told.at })];
}

/** The part of an update that leaves events in the document it changes. */
export function pushEvents(events: PendingEvent[], at: Date) {
  return { $push: { pendingEvents: { $each: events } }, $set: { relayAt: at } };
}
