import type { UpdateQuery } from 'mongoose';
import type { EventType } from '../../contract/events';
import { goneEvents, pendingEvent, type PendingEvent } from '../../platform/events/pending';
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

/** What a change has to tell to those who see the conversation, and to those who did. */
export function changed(before: ConversationRow, after: ConversationRow, at: Date): PendingEvent[] {
  const { _id: conversationId, version } = after;
  const told = updated(after, `${conversationId}:v${version}`, at);
  const audiences = { before: audienceOf(before), after: audienceOf(after) };
  return [told, ...goneEvents('conversation:gone', { conversationId, version }, audiences, told)];
}

/** `$set` of the change and its events in one update. */
export function withEvents(change: Change, events: PendingEvent[], at: Date): UpdateQuery<ConversationRow> {
  return {
    $set: { ...change, relayAt: at },
    $push: { pendingEvents: { $each: events } },
  } as unknown as UpdateQuery<ConversationRow>;
}
