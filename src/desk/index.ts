import type { Connection } from 'mongoose';
import type { ChannelLimits } from '../channels/host/limits';
import type { Contacts } from '../crm/contacts';
import { isOpenAt, nextOpening } from '../domain/business-hours';
import { handoverNotice } from '../domain/handover-notice';
import type { MessageStore } from '../messages/message-store';
import type { Outbox } from '../messages/outbox';
import type { Threads } from '../messages/threads';
import type { Clock } from '../platform/clock';
import type { Config } from '../platform/config';
import type { Coordination } from '../platform/coordination';
import { handlers } from '../platform/http/api';
import { pageOfAll } from '../platform/mongo/paging';
import type { Signer } from '../platform/secrets';
import { Agents } from './agents/agents';
import { agentHandlers } from './agents/http';
import { defineAgents } from './agents/model';
import { GuessLimits } from './agents/guess-limits';
import { Sessions, type EndedSessions } from './agents/sessions';
import { contactHandlers } from './contact-timeline';
import { Audit } from './audit';
import { ConversationActs } from './conversations/acts';
import { Conversations } from './conversations/conversations';
import { conversationHandlers } from './conversations/http';
import { defineConversations, type ConversationRow } from './conversations/model';
import { ReplyGate } from './conversations/reply-gate';
import { Replies } from './conversations/replies';
import { Offers } from './routing/offers';
import { SlaClocks } from './sla/clocks';
import { Policies } from './sla/policies';
import { Cases } from './tickets/cases';
import { ticketHandlers } from './tickets/http';
import { defineTickets } from './tickets/model';
import { Tickets } from './tickets/tickets';
import { readWall } from './wall';

export interface DeskParts {
  connection: Connection;
  clock: Clock;
  /** The moment that deadlines are judged by. */
  deadlines: Pick<Clock, 'now'>;
  coordination: Coordination;
  config: Pick<Config, 'publicUrl' | 'routing'>;
  contacts: Contacts;
  messages: MessageStore;
  outbox: Outbox;
  /** Signs what a browser keeps of a sign-in. */
  devices: Signer;
  threads: Threads;
  limitsOf(accountId: string): ChannelLimits;
  onSessionsEnded(ended: EndedSessions): void;
  /** Whether a console of this agent is open, or was a moment ago. */
  hasConsole(agentId: string): Promise<boolean>;
}
export type Desk = ReturnType<typeof createDesk>;

const failedSignIns = { points: 10, seconds: 15 * 60 };

/** Conversations, tickets, their clocks, and the people who work on them. */
export function createDesk(parts: DeskParts) {
  const { connection, clock, coordination, contacts, messages, outbox } = parts;
  const changed = (collection: string) => () => coordination.signals.send('relay', collection);
  const conversations = new Conversations(defineConversations(connection), changed('conversations'));
  const tickets = new Tickets(defineTickets(connection), clock, changed('tickets'));
  const policies = new Policies(connection);
  const clocks = new SlaClocks(connection, {
    tickets,
    conversations,
    policies,
    deadlines: parts.deadlines,
    segmentsOf: (contactId) => contacts.segmentsOf(contactId),
  });
  const models = defineAgents(connection);
  const sessions = new Sessions({
    models,
    clock,
    guesses: new GuessLimits(
      coordination.limiter('sign-in', failedSignIns.points, failedSignIns.seconds),
      parts.devices,
    ),
    onSessionsEnded: parts.onSessionsEnded,
  });
  const agents = new Agents({
    models,
    clock,
    loadOf: (assigneeId) => conversations.model.countDocuments({ assigneeId, status: 'open', isOpen: true }),
    changed: changed('agents'),
    async onRightsChanged(agentId, sessionsEnd) {
      if (sessionsEnd) await sessions.endOthers(agentId);
      else parts.onSessionsEnded({ agentId });
      if (!(await agents.byId(agentId))?.enabled) await acts.releaseForGood(agentId);
    },
  });
  const audit = new Audit(models.audit);
  const cases = new Cases({ tickets, clocks });
  const acts = new ConversationActs({ conversations, cases, agents, clock, hasConsole: parts.hasConsole });
  const { threads, limitsOf } = parts;
  const gate = new ReplyGate({ threads, outbox, clock, limitsOf });
  const replies = new Replies({ conversations, messages, outbox, gate, cases, clocks, clock });
  const offers = new Offers({ conversations, agents, offerSeconds: parts.config.routing.offerSeconds });
  const wall = {
    conversations: conversations.model,
    clocks,
    agents,
    policies,
    tickets: tickets.models.tickets,
  };
  return {
    conversations, tickets, policies, clocks, sessions, agents, cases, acts, offers, audit,
    /** Collections whose documents carry events. */
    carriers: [conversations.model, tickets.models.tickets, models.agents],
    notice: (row: ConversationRow, language: string | null, at: Date) => notice(conversations, policies, row, language, at),
    handlers: {
      ...conversationHandlers({ conversations, acts, replies, messages }),
      ...ticketHandlers({ tickets, cases, clocks, contacts, conversations, agents, clock }),
      ...agentHandlers({ agents, sessions, publicUrl: parts.config.publicUrl }),
      ...contactHandlers({ contacts, conversations, tickets, clock }),
      ...policyHandlers(policies, () => coordination.signals.send('policies')),
      ...handlers({ getWall: () => readWall(wall, clock.now()) }),
    },
  }; // prettier-ignore
}

async function notice(
  conversations: Conversations,
  policies: Policies,
  row: ConversationRow,
  language: string | null,
  at: Date,
) {
  const calendar = policies.calendar('hours');
  const waiting = await conversations.model.countDocuments({ status: 'queued', teamId: row.teamId });
  return handoverNotice({
    language,
    position: waiting + 1,
    isOpenNow: isOpenAt(calendar, at),
    nextOpening: nextOpening(calendar, at),
    timeZone: calendar?.timeZone ?? 'UTC',
  });
}

/** What an admin changes is read again by the other nodes. */
const policyHandlers = (policies: Policies, changed: () => void) =>
  handlers({
    getSlaPolicies: async ({ query }) => pageOfAll(policies.policies(), query()),
    async changeSlaPolicies({ body }) {
      await policies.changePolicies(body().items);
      changed();
      return { items: policies.policies() };
    },
    getBusinessHours: async () => ({ hours: policies.hours() }),
    async changeBusinessHours({ body }) {
      await policies.changeHours(body().hours);
      changed();
      return { hours: policies.hours() };
    },
  });
