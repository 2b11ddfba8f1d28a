import type { ConversationView } from '../../../../../src/contract/conversations';
import type { MessageView } from '../../../../../src/contract/messages';
import { isSameDay } from '../../../lib/same-day';

type Handover = NonNullable<ConversationView['handover']>;
export type Entry =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'handover'; key: string; handover: Handover }
  /** `startsRun`: the first of several by the same author. */
  | { kind: 'message'; key: string; message: MessageView; startsRun: boolean };

const runEndsAfterMs = 5 * 60_000;

/** The messages with what stands between them: new days, and the handover where it happened. */
export function entriesOf(
  { handover }: Pick<ConversationView, 'handover'>,
  messages: MessageView[],
): Entry[] {
  const entries: Entry[] = [];
  let toPlace = handover;
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    // The answer that tells of the handover carries its very time: the card comes before it.
    const place = toPlace && message.at >= toPlace.at && message.author !== 'contact';
    if (place && toPlace) {
      entries.push({ kind: 'handover', key: 'handover', handover: toPlace });
      toPlace = null;
    }
    if (!before || !isSameDay(before.at, message.at))
      entries.push({ kind: 'day', key: `day-${message.id}`, at: message.at });
    entries.push({
      kind: 'message',
      key: message.id,
      message,
      startsRun: Boolean(place) || !continues(before, message),
    });
  });
  if (toPlace) entries.push({ kind: 'handover', key: 'handover', handover: toPlace });
  return entries;
}

function continues(before: MessageView | undefined, message: MessageView): boolean {
  return (
    before?.author === message.author &&
    before.agent?.id === message.agent?.id &&
    Date.parse(message.at) - Date.parse(before.at) < runEndsAfterMs
  );
}
