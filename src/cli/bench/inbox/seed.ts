import type { Connection, Model } from 'mongoose';
import { defineCrm, type ContactRow, type IdentityRow } from '../../../crm/models';
import { defineConversations, type ConversationRow } from '../../../desk/conversations/model';
import { defineClocks, type ClockRow } from '../../../desk/sla/model';
import { defineTickets, type TicketRow } from '../../../desk/tickets/model';
import { defineMessages, type MessageRow } from '../../../messages/model';
import { defineThreads, type ThreadRow } from '../../../messages/threads';
import { connectMongo } from '../../../platform/mongo/connection';
import { searchKeys } from '../../../platform/text/search-keys';

export interface Seeder {
  connection: Connection;
  /** Brings the store to so many conversations; those that are there count. */
  growTo(conversations: number): Promise<void>;
  close(): Promise<void>;
}

const atOnce = 250;
const dayMs = 24 * 3_600_000;

/** Past conversations, written straight into the store through the models' own collections. */
export async function openSeeder(url: string, { messagesEach = 4 } = {}): Promise<Seeder> {
  const connection = await connectMongo(url);
  const [crm, tickets] = [defineCrm(connection), defineTickets(connection)];
  const models = {
    contacts: crm.contacts,
    identities: crm.identities,
    threads: defineThreads(connection),
    conversations: defineConversations(connection),
    messages: defineMessages(connection),
    tickets: tickets.tickets,
    clocks: defineClocks(connection),
  };
  const endsAt = Date.now();
  let there = 0;
  return {
    connection,
    async growTo(conversations) {
      for (; there < conversations; there = Math.min(conversations, there + atOnce)) {
        const count = Math.min(atOnce, conversations - there);
        const matters = Array.from({ length: count }, (_unused, at) =>
          matterOf(there + at, endsAt, messagesEach),
        );
        await Promise.all([
          write(models.contacts, matters.map(({ contact }) => contact)),
          write(models.identities, matters.map(({ identity }) => identity)),
          write(models.threads, matters.map(({ thread }) => thread)),
          write(models.conversations, matters.map(({ conversation }) => conversation)),
          write(models.messages, matters.flatMap(({ messages }) => messages)),
          write(models.tickets, matters.flatMap(({ ticket }) => ticket ?? [])),
          write(models.clocks, matters.flatMap(({ clock }) => clock ?? [])),
        ]); // prettier-ignore
      }
    },
    close: () => connection.close(),
  };
}

/** A model tells once what a new row has by default; then whole batches go in as a backup is read in. */
export async function write<T>(model: Model<T>, rows: Partial<T>[]): Promise<void> {
  if (rows.length === 0) return;
  const blank = new model({}).toObject() as Partial<T>;
  const whole = rows.map((row) => ({ ...blank, ...row }));
  await model.collection.insertMany(whole as never, { ordered: false });
}

export const nameOf = (index: number): string => `Ada ${wordOf(index)} ${index}`;
const vowels = 'aeiou';
const wordOf = (index: number): string =>
  [7, 31, 101]
    .map((step) => `${'bdfgklmnprstvz'[(index * step) % 14]}${vowels[(index * step) % 5]}`)
    .join('');

interface Matter {
  contact: Partial<ContactRow>;
  identity: Partial<IdentityRow>;
  thread: Partial<ThreadRow>;
  conversation: Partial<ConversationRow>;
  messages: Partial<MessageRow>[];
  ticket: Partial<TicketRow> | null;
  clock: Partial<ClockRow> | null;
}

/** One customer, one conversation of the past: most are closed, of twenty two wait and two are with an agent. */
function matterOf(index: number, endsAt: number, messagesEach: number): Matter {
  const { contactId, identityId, threadId } = idsOf(index);
  const at = new Date(endsAt - (index + 1) * 1_000);
  const name = nameOf(index);
  const status: About['status'] =
    (['queued', 'queued', 'open', 'pending', 'bot'] as const)[index % 20] ?? 'closed';
  const hasTicket = status !== 'bot' && status !== 'closed';
  const key = { network: 'telegram', accountScope: 'tg', externalId: `seed${index}` };
  const about = { index, at, name, status, hasTicket };
  return {
    contact: {
      _id: contactId,
      name,
      language: 'en',
      searchKeys: searchKeys(name),
      createdAt: at,
      updatedAt: at,
    },
    identity: { _id: identityId, contactId, ...key, name, createdAt: at },
    thread: {
      _id: threadId,
      accountId: 'tg',
      channel: 'telegram',
      identityId,
      tags: { chatId: `seed${index}` },
    },
    conversation: conversationOf(about, messagesEach),
    messages: Array.from({ length: messagesEach }, (_unused, place) => messageOf(about, place)),
    ticket: hasTicket ? ticketOf(about) : null,
    clock: hasTicket ? clockOf(about) : null,
  };
}

export interface About {
  index: number;
  at: Date;
  name: string;
  status: ConversationRow['status'];
  hasTicket: boolean;
}

const idsOf = (index: number) => ({
  contactId: `ct_seed${index}`,
  identityId: `id_seed${index}`,
  threadId: `th_seed${index}`,
  conversationId: conversationIdOf(index),
  ticketId: `tk_seed${index}`,
});
export const conversationIdOf = (index: number): string => `cv_seed${index}`;
const place = { accountId: 'tg', channel: 'telegram' };

export function conversationOf(
  { index, at, name, status, hasTicket }: About,
  lastSeq: number,
): Partial<ConversationRow> {
  const { contactId, identityId, threadId, ticketId, conversationId } = idsOf(index);
  const text = textOf(index, lastSeq - 1);
  const isAssigned = status === 'open' || status === 'pending';
  return {
    ...place,
    ...{ _id: conversationId, threadId, identityId, contactId, contactName: name, status, lastSeq },
    isOpen: status !== 'closed',
    assigneeId: isAssigned ? `ag_seed${index % 50}` : null,
    ...(hasTicket && { ticketId, ticketNumber: ticketNumberOf(index) }),
    lastMessage: { text, at, author: 'bot' },
    language: 'en',
    queuedAt: status === 'queued' ? at : null,
    searchKeys: searchKeys(`${name} ${text}`),
    closedAt: status === 'closed' ? at : null,
    createdAt: at,
    updatedAt: at,
  };
}

const textOf = (index: number, turn: number): string =>
  `Where is my order ${index} and when does it come? ${turn}`;
/** Beyond those that the server counts up itself. */
const ticketNumberOf = (index: number): number => 10_000_000 + index;

function messageOf({ index, at }: About, turn: number): Partial<MessageRow> {
  const { conversationId, threadId, identityId, contactId } = idsOf(index);
  const text = textOf(index, turn);
  const isContact = turn % 2 === 0;
  return {
    ...{ _id: `ms_seed${index}_${turn}`, conversationId, threadId, identityId, contactId, accountId: 'tg' },
    ...{ seq: turn + 1, content: { type: 'text', text }, text, at, language: 'en' },
    ...(isContact
      ? { author: 'contact', externalId: `seed${index}:${turn}` }
      : { author: 'bot', delivery: 'sent', origin: { kind: 'reply', campaignId: null } }),
  };
}

export function ticketOf({ index, at, name }: About): Partial<TicketRow> {
  const { contactId, identityId, conversationId, ticketId } = idsOf(index);
  return {
    ...place,
    ...{ _id: ticketId, number: ticketNumberOf(index), subject: textOf(index, 0), status: 'open' },
    ...{ contactId, contactName: name, identityId, conversationId },
    origin: { kind: 'handover', id: conversationId },
    searchKeys: searchKeys(name),
    createdAt: at,
    updatedAt: at,
  };
}

/** Runs, and is due in ten days: the sweeper must find that there is nothing to do. */
export function clockOf({ index, at }: About): Partial<ClockRow> {
  const { conversationId, ticketId } = idsOf(index);
  const dueAt = new Date(at.getTime() + 10 * dayMs + index);
  return {
    ...{ _id: `ck_seed${index}`, ticketId, conversationId, metric: 'resolution', policy: 'standard' },
    ...{ calendar: 'always', state: 'running', startedAt: at },
    ...{ dueAt, warnAt: dueAt, lastCallAt: dueAt, nextAt: dueAt },
  };
}
