import type { UpdateQuery } from 'mongoose';
import type { EventType } from '../../contract/events';
import { pendingEvent, type PendingEvent } from '../../platform/events/pending';
import type { ConversationRow } from './model';
import { audienceOf, toConversationView } from './view';

/** A change of a conversation, as the acts of agents make it. */
export type Change = Partial<Omit<ConversationRow, '_id' | 'pendingEvents' | 'relayAt' | 'version'>>;

export function updated(
  row: ConversationRow,
  id: string,
  at: Date,
  type: EventType & `conversation:${string}` = 'conversation:updated',
) {
  return pendingEvent(type, { conversation: toConversationView(row) }, audienceOf(row), { id, at });
}

/** `$set` of the change and its events in one update. */
export function withEvents(change: Change, events: PendingEvent[], at: Date): UpdateQuery<ConversationRow> {
  return {
    $set: { ...change, relayAt: at },
    $push: { pendingEvents: { $each: events } },
  } as unknown as UpdateQuery<ConversationRow>;
}
