import { textOf } from '../domain/content';
import { derivedId } from '../platform/ids';
import type { Inbox, InboxRow } from './inbox';
import type { MessageStore } from './message-store';
import type { MessageRow } from './model';

type Written = Pick<MessageRow, '_id' | 'author' | 'text' | 'content' | 'at' | 'externalId'>;

/** The last messages that the contact may see in this thread, oldest first: also what they wrote and nobody has handled. */
export async function contactHistory(
  { inbox, messages }: { inbox: Inbox; messages: MessageStore },
  threadId: string,
  limit: number,
): Promise<Written[]> {
  // In this order: what is handled meanwhile is found among the messages.
  const waiting = (await inbox.unhandled(threadId, limit)).flatMap(toWritten);
  const handled = await messages.history(threadId, limit);
  const known = new Set(handled.map(({ _id }) => _id));
  return [...waiting.filter(({ _id }) => !known.has(_id)), ...handled]
    .sort((one, other) => one.at.getTime() - other.at.getTime())
    .slice(-limit);
}

/** As it will stand among the messages. */
function toWritten({ _id, accountId, what, receivedAt: at }: InboxRow): Written[] {
  if (what.kind !== 'message') return [];
  const { content } = what;
  return [
    {
      _id: derivedId('ms', _id),
      author: 'contact',
      text: textOf(content),
      content,
      at,
      externalId: _id.slice(accountId.length + 1),
    },
  ];
}
