import { noLimits } from '../../../src/channels/host/limits';
import type { Connection } from 'mongoose';
import { Contacts } from '../../../src/crm/contacts';
import { defineCrm } from '../../../src/crm/models';
import { createDesk, type Desk } from '../../../src/desk';
import type { EndedSessions } from '../../../src/desk/agents/sessions';
import type { TurnRecord } from '../../../src/desk/conversations/turn';
import type { ConversationRow } from '../../../src/desk/conversations/model';
import { freshMemory, type Handover } from '../../../src/domain/plan';
import type { Role, Viewer } from '../../../src/domain/role';
import { createMessaging } from '../../../src/messages';
import type { MessageRow } from '../../../src/messages/model';
import { inProcessCoordination } from '../../../src/platform/coordination/in-process';
import type { Session } from '../../../src/platform/http/api';
import { derivedId } from '../../../src/platform/ids';
import { DeadlineTime } from '../../../src/platform/deadline-time';
import { silentLogger } from '../../../src/platform/log';
import { ensureIndexes } from '../../../src/platform/mongo/connection';
import type { PendingEvent } from '../../../src/platform/events/pending';
import { SecretBox } from '../../../src/platform/secrets';
import { ManualClock } from '../../support/manual-clock';
import { dropConnection, testConnection } from '../../support/store';

export const minute = 60_000;
export const password = 'correct horse battery';

/** The desk on a store of its own, in a time that stands still. */
export interface DeskBench {
  desk: Desk;
  clock: ManualClock;
  deadlines: DeadlineTime;
  connection: Connection;
  contacts: Contacts;
  messaging: ReturnType<typeof createMessaging>;
  /** What open consoles were told to close. */
  ended: EndedSessions[];
  /** Agents whose console is open. */
  atConsole: Set<string>;
  close(): Promise<void>;
}

export async function openBench(): Promise<DeskBench> {
  const connection = await testConnection();
  const clock = new ManualClock();
  const deadlines = new DeadlineTime({ clock, log: silentLogger });
  const coordination = inProcessCoordination();
  const contacts = new Contacts(defineCrm(connection));
  const messaging = createMessaging(connection, { clock, signals: coordination.signals });
  const ended: EndedSessions[] = [];
  const atConsole = new Set<string>();
  const desk = createDesk({
    connection,
    clock,
    deadlines,
    coordination,
    config: { publicUrl: 'http://127.0.0.1', routing: { mode: 'push', offerSeconds: 30 } },
    contacts,
    messages: messaging.messages,
    outbox: messaging.outbox,
    devices: new SecretBox('x'.repeat(32)).signer('device'),
    threads: messaging.threads,
    limitsOf: () => noLimits,
    onSessionsEnded: (which) => void ended.push(which),
    hasConsole: async (agentId) => atConsole.has(agentId),
  });
  await ensureIndexes(connection);
  const promise = { firstResponseMinutes: 10, nextResponseMinutes: 30, resolutionMinutes: 60 };
  await desk.policies.load({
    sla: [{ name: 'standard', when: {}, ...promise, calendar: 'hours' }],
    hours: null,
  });
  const close = () => dropConnection(connection);
  return { desk, clock, deadlines, connection, contacts, messaging, ended, atConsole, close };
}

/** A session of someone whom only the rules need to know. */
export const someone = (agentId: string, role: Role = 'agent', teamIds: string[] = []): Session => ({
  viewer: { agentId, role, teamIds },
  tokenHash: `hash of ${agentId}`,
  name: agentId,
});

/** Someone who works at the desk. */
export async function hire(
  { desk }: DeskBench,
  name: string,
  change: { role?: Role; skills?: string[]; capacity?: number } = {},
): Promise<Session> {
  const { id, role } = await desk.agents.create(
    {
      email: `${name}@acme.test`,
      password,
      name,
      role: 'agent',
      skills: [],
      languages: [],
      capacity: 5,
      ...change,
    },
    `ag_${name}`,
  );
  return someone(id, role);
}

/** A contact's first message, answered by the bot. */
export async function talk({ desk, clock }: DeskBench, name: string): Promise<ConversationRow> {
  const identityId = derivedId('id', name);
  return desk.conversations.openConversation({
    id: derivedId('cv', name, String(clock.now().getTime())),
    accountId: 'acme-telegram',
    channel: 'telegram',
    threadId: derivedId('th', name),
    identityId,
    contactId: derivedId('ct', identityId),
    contactName: name,
    language: 'en',
    at: clock.now(),
  });
}

export const handover: Handover = {
  reason: 'contact_asked',
  summary: 'Where is my parcel?',
  slots: { order: '20261001001' },
  articles: [],
  language: 'en',
  skills: [],
  priority: 'normal',
};

/** A turn of a contact, as the pipeline records it. */
export function turn({ clock }: DeskBench, change: Partial<TurnRecord> = {}): TurnRecord {
  return {
    fence: 1,
    order: `${clock.now().getTime()}`,
    at: clock.now(),
    memory: freshMemory,
    flowRun: null,
    language: 'en',
    replyWindow: null,
    handover: null,
    ticket: null,
    contactWrote: true,
    messages: [],
    ...change,
  };
}

/** A conversation that waits for a person, with its ticket and clocks. */
export async function queued(
  bench: DeskBench,
  name: string,
  change: Partial<Handover> = {},
): Promise<ConversationRow> {
  const row = await talk(bench, name);
  const given = { ...handover, ...change };
  const at = bench.clock.now();
  const opened = await bench.desk.cases.openCase({
    conversation: row,
    handover: given,
    at,
  });
  const ticket = { id: opened.ticketId, number: opened.number };
  await bench.desk.conversations.recordTurn(row, turn(bench, { handover: given, ticket }));
  return read(bench, row._id);
}

/** The contact writes again, and its agent owes an answer. */
export async function writesAgain(bench: DeskBench, id: string): Promise<void> {
  await bench.desk.conversations.recordTurn(await read(bench, id), turn(bench));
  const { ticketId } = await read(bench, id);
  if (ticketId) await bench.desk.clocks.contactWrote(ticketId, bench.clock.now());
}

export async function read({ desk }: DeskBench, id: string): Promise<ConversationRow> {
  const row = await desk.conversations.byId(id);
  if (!row) throw new Error(`No conversation ${id}.`);
  return row;
}

/** What the desk has to tell, in any order. */
export async function told({ desk }: DeskBench): Promise<PendingEvent[]> {
  const rows = await Promise.all([
    desk.conversations.model.find().lean(),
    desk.tickets.models.tickets.find().lean(),
  ]);
  return rows.flat().flatMap((row) => row.pendingEvents);
}

/** The history of a ticket, oldest first, as `type cause`. */
export async function history({ desk }: DeskBench, ticketId: string | null) {
  return (await desk.tickets.history(ticketId ?? '', { limit: 100 })).items;
}

export const messagesOf = ({ messaging }: DeskBench, id: string): Promise<MessageRow[]> =>
  messaging.messages.page(id, { limit: 100 });

export const viewerOf = (session: Session): Viewer => session.viewer;
