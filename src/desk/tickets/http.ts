import type { Contacts } from '../../crm/contacts';
import type { Actor } from '../../domain/actor';
import { handlers, type Session } from '../../platform/http/api';
import type { Clock } from '../../platform/clock';
import { InvalidInput } from '../../platform/errors';
import { newId } from '../../platform/ids';
import type { Agents } from '../agents/agents';
import type { Conversations } from '../conversations/conversations';
import type { SlaClocks } from '../sla/clocks';
import type { TicketChange, Tickets } from './tickets';
import { toTicketView } from './view';

interface Parts {
  tickets: Tickets;
  clocks: SlaClocks;
  contacts: Contacts;
  conversations: Conversations;
  agents: Agents;
  clock: Clock;
}

export const ticketHandlers = (parts: Parts) => {
  const { tickets, clocks, contacts, conversations, agents, clock } = parts;
  const actBy = (session: Session, cause: string) => ({ actor: actor(session), cause, at: clock.now() });
  return handlers({
    listTickets: async ({ session, query }) => tickets.list(session.viewer, query()),
    async createTicket({ session, body }) {
      const { contactId, conversationId, ...fields } = body();
      const contact = await contacts.find(contactId);
      if (!contact) throw new InvalidInput(`contactId: no contact ${contactId}`);
      const conversation = conversationId
        ? await conversations.require(session.viewer, conversationId)
        : null;
      const ticket = await tickets.open(
        {
          _id: newId('tk'),
          priority: 'normal',
          ...fields,
          contactId,
          contactName: contact.name,
          conversationId: conversation?._id ?? null,
          channel: conversation?.channel ?? 'none',
          origin: { kind: 'agent', id: session.viewer.agentId },
        },
        actBy(session, 'opened by an agent'),
      );
      await clocks.begin(ticket, ticket.createdAt);
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
      const changed = await tickets.change(row._id, change, actBy(session, 'changed by an agent'), version);
      if (changed.solvedAt && !row.solvedAt) await clocks.solved(row._id, clock.now());
      return toTicketView(changed);
    },
    async ticketHistory({ params, session, query }) {
      const row = await tickets.require(session.viewer, params.id);
      return tickets.history(row._id, query());
    },
  });
};

const actor = (session: Session): Actor => ({
  kind: 'agent',
  id: session.viewer.agentId,
  name: session.name,
});
