import type { Connection } from 'mongoose';
import { isRetry, mergeMessage } from '../../agent-console/src/features/inbox/store/merge-message';
import type { MessageView } from '../../src/contract/messages';
import type { Inbound } from '../../src/domain/inbound';
import type { PlatformStandIn } from './platform-stand-in';

interface Stored {
  _id: string;
  [field: string]: unknown;
}

/** What the store holds, read past the application. */
export async function readStore(connection: Connection) {
  const all = (name: string) =>
    connection.collection(name).find({}).toArray() as unknown as Promise<Stored[]>;
  const [inbox, outbox, messages, conversations, events] = await Promise.all(
    ['inbox', 'outbox', 'messages', 'conversations', 'events'].map(all),
  );
  return {
    inbox: inbox ?? [],
    outbox: outbox ?? [],
    messages: messages ?? [],
    conversations: conversations ?? [],
    events: events ?? [],
  };
}
/** Empties every collection and keeps the indexes. */
export async function clearStore(connection: Connection): Promise<void> {
  for (const { name } of await connection.listCollections()) await connection.collection(name).deleteMany({});
}
export type StoreContents = Awaited<ReturnType<typeof readStore>>;

/** Nothing waits any longer. */
export const isDrained = ({ inbox, outbox, conversations }: StoreContents): boolean =>
  inbox.every(({ state }) => state !== 'received') &&
  outbox.every(({ state }) => state !== 'pending' && state !== 'sending') &&
  conversations.every(({ relayAt }) => relayAt === null);

/**
 * Breaks of the invariants I1–I6, each with its id; empty when all hold. `arrivals` tells how many deliveries had been
 * acknowledged when a message first arrived; without it they came one after the other.
 */
export function breaks(
  store: StoreContents,
  acknowledged: Inbound[],
  platform: PlatformStandIn,
  arrivals?: Map<string, number>,
): string[] {
  return [
    ...lostOrDoubled(store, acknowledged),
    ...sends(store, platform),
    ...misplaced(store, acknowledged, arrivals),
    ...sentTooLate(store, platform),
    ...openTwice(store),
    ...untold(store),
    ...toldOtherwise(store),
    ...(isDrained(store) ? [] : ['I6: queues did not drain']),
  ];
}

/** I1, I2: each acknowledged message is one row and one message, with one reply where the bot answers. */
function lostOrDoubled({ inbox, messages }: StoreContents, acknowledged: Inbound[]): string[] {
  const rows = new Map(inbox.map((row) => [row._id, row]));
  const shown = messages.filter(({ author }) => author === 'contact');
  const count = (id: string) =>
    shown.filter(({ accountId, externalId }) => `${accountId as string}:${externalId as string}` === id)
      .length;
  return acknowledged.flatMap(({ id }) => [
    ...(rows.get(id)?.['state'] === 'done' ? [] : [`I1: ${id} is ${String(rows.get(id)?.['state'])}`]),
    ...(count(id) === 1 ? [] : [`I2: ${id} shown ${count(id)} times`]),
  ]);
}

/** I3: one accepted send for each reply key, or it is flagged. */
function sends({ outbox, messages }: StoreContents, { accepted }: PlatformStandIn): string[] {
  const keys = new Set(outbox.map(({ messageId }) => messageId));
  const replies = messages.filter(({ author }) => author === 'bot' || author === 'agent');
  const unsent = replies
    .filter(({ _id }) => !keys.has(_id))
    .map(({ _id }) => `I3: ${_id} never reached the outbox`);
  return [
    ...unsent,
    ...outbox.flatMap(({ messageId, state }) => {
      const times = accepted.filter(({ key }) => key === messageId).length;
      const fits = state === 'sent' ? times === 1 : state === 'unknown' ? times <= 1 : times === 0;
      return fits ? [] : [`I3: ${String(messageId)} is ${String(state)}, accepted ${times} times`];
    }),
  ];
}

/** I4: what was acknowledged before another message arrived stands before it. What arrived at once has no order. */
function misplaced(
  { messages }: StoreContents,
  acknowledged: Inbound[],
  arrivals?: Map<string, number>,
): string[] {
  const acknowledgedAt = new Map(acknowledged.map(({ id }, index) => [id, index] as const).reverse());
  const arrivedAt = (id: string) => arrivals?.get(id) ?? acknowledgedAt.get(id) ?? 0;
  const written = messages
    .filter(({ author }) => author === 'contact')
    .sort((a, b) => Number(a['seq']) - Number(b['seq']))
    .map(({ threadId, accountId, externalId }) => ({
      threadId,
      id: `${String(accountId)}:${String(externalId)}`,
    }));
  return written.flatMap(({ threadId, id }, index) => {
    const behind = written.slice(index + 1).filter((other) => other.threadId === threadId);
    const isLate = behind.some((other) => (acknowledgedAt.get(other.id) ?? Infinity) < arrivedAt(id));
    return isLate ? [`I4: ${id} stands in the wrong place`] : [];
  });
}

/** I4: replies are accepted in the order of the conversation. */
function sentTooLate({ messages }: StoreContents, { accepted }: PlatformStandIn): string[] {
  const seqOf = new Map(messages.map(({ _id, seq }) => [_id, seq as number]));
  const lastOf = new Map<string, number>();
  return accepted.flatMap(({ key, threadId }) => {
    const [before, seq] = [lastOf.get(threadId) ?? 0, seqOf.get(key) ?? 0];
    lastOf.set(threadId, seq);
    return seq < before ? [`I4: ${key} was sent too late`] : [];
  });
}

/** I5: one open conversation for each contact and account. */
function openTwice({ conversations }: StoreContents): string[] {
  const open = conversations
    .filter(({ isOpen }) => isOpen)
    .map(({ accountId, identityId }) => `${String(accountId)} ${String(identityId)}`);
  return open.filter((who, index) => open.indexOf(who) !== index).map((who) => `I5: two open for ${who}`);
}

/** Every message is told of once, and the numbers of the log have no gap. */
function untold({ messages, events }: StoreContents): string[] {
  const created = events
    .filter(({ type }) => type === 'message:created')
    .map(({ eventId }) => eventId as string);
  const missing = messages.filter(({ _id }) => !created.includes(`${_id}:created`));
  const seqs = events.map(({ _id }) => _id as unknown as number).sort((a, b) => a - b);
  return [
    ...missing.map(({ _id }) => `events: nobody was told of ${_id}`),
    ...(new Set(created).size === created.length ? [] : ['events: a message was told of twice']),
    ...seqs.filter((seq, index) => seq !== index + 1).map((seq) => `events: gap before ${seq}`),
  ];
}

/** Who follows the events, as the console does, sees the same tick as who reads the message. */
function toldOtherwise({ messages, events }: StoreContents): string[] {
  const told = new Map<string, MessageView>();
  for (const { type, data } of [...events].sort((a, b) => Number(a._id) - Number(b._id))) {
    if (type !== 'message:created' && type !== 'message:updated') continue;
    const { message } = data as { message: MessageView };
    const known = told.get(message.id);
    told.set(message.id, mergeMessage(known, message, isRetry(known, message)));
  }
  return messages.flatMap(({ _id, delivery }) => {
    const shown = told.get(_id)?.delivery;
    return shown === undefined || shown === delivery
      ? []
      : [`events: ${_id} is ${String(delivery)}, shown as ${shown}`];
  });
}
