import type { Contacts } from '../../crm/contacts';
import type { Actor } from '../../domain/actor';
import { maySee } from '../../domain/role';
import { handlers, type Session } from '../../platform/http/api';
import type { Clock } from '../../platform/clock';
import { InvalidInput } from '../../platform/errors';
import { newId } from '../../platform/ids';
import type { Agents } from '../agents/agents';
import type { Conversations } from '../conversations/conversations';
import type { ConversationRow } from '../conversations/model';
import type { SlaClocks } from '../sla/clocks';
import type { Cases } from './cases';
import { listTickets } from './lists';
import type { TicketChange, Tickets } from './tickets';
import { ticketAudience, toTicketView } from './view';

interface Parts {
  tickets: Tickets;
  cases: Cases;
  clocks: SlaClocks;
  contacts: Contacts;
  conversations: Conversations;
  agents: Agents;
  clock: Clock;
}

export const ticketHandlers = (parts: Parts) => {
  const { tickets, cases, clocks, contacts, conversations, agents, clock } = parts;
  const actBy = (session: Session, cause: string) => ({ actor: actor(session), cause, at: clock.now() });
  return handlers({
    listTickets: async ({ session, query }) => listTickets(tickets.models, session.viewer, query()),
    async createTicket({ session, body }) {
      const { contactId, conversationId, ...fields } = body();
      const contact = await contacts.find(contactId);
      if (!contact) throw new InvalidInput(`contactId: no contact ${contactId}`);
      const conversation = conversationId
        ? await conversations.require(session.viewer, conversationId)
        : null;
      if (conversation && conversation.contactId !== contactId)
        throw new InvalidInput('conversationId: a conversation with someone else');
      const ticket = await tickets.open(
        {
          _id: newId('tk'),
          priority: 'normal',
          ...fields,
          ...placeOf(conversation),
          contactId,
          contactName: contact.name,
          origin: { kind: 'agent', id: session.viewer.agentId },
        },
        actBy(session, 'opened by an agent'),
      );
      await clocks.begin(ticket, ticket.createdAt);
      if (conversation) await conversations.link(conversation._id, ticket, clock.now());
      return toTicketView((await tickets.byId(ticket._id)) ?? ticket);
    },
    getTicket: async ({ params, session }) => toTicketView(await tickets.require(session.viewer, params.id)),
    async changeTicket({ params, session, body }) {
      const row = await tickets.require(session.viewer, params.id);
      const { version, assigneeId, teamId, ...rest } = body();
      const change: TicketChange = { ...rest };
      if (assigneeId !== undefined) {
        const agent = assigneeId === null ? null : await agents.requireEnabled(assigneeId);
        Object.assign(change, { assigneeId, assigneeName: agent?.name ?? null });
      }
      if (teamId !== undefined) {
        const team = teamId === null ? null : await agents.requireTeam(teamId);
        Object.assign(change, { teamId, teamName: team?.name ?? null });
      }
      const { viewer } = session;
      const asked = { viewer, version };
      const written = await cases.change(row._id, change, actBy(session, 'changed by an agent'), asked);
      const now = await tickets.byId(row._id);
      return toTicketView(now && maySee(viewer, ticketAudience(now)) ? now : written);
    },
    async ticketHistory({ params, session, query }) {
      const row = await tickets.require(session.viewer, params.id);
      return tickets.history(row._id, query());
    },
  });
};

const placeOf = (conversation: ConversationRow | null) => ({
  conversationId: conversation?._id ?? null,
  channel: conversation?.channel ?? 'none',
  identityId: conversation?.identityId ?? null,
  accountId: conversation?.accountId ?? null,
  teamId: conversation?.teamId ?? null,
  teamName: conversation?.teamName ?? null,
});

const actor = (session: Session): Actor => ({
  kind: 'agent',
  id: session.viewer.agentId,
  name: session.name,
});
