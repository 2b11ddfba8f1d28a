import type { TimelineItem } from '../contract/contacts';
import type { ConversationView } from '../contract/conversations';
import type { TicketView } from '../contract/tickets';
import type { Contacts } from '../crm/contacts';
import type { Viewer } from '../domain/role';
import { handlers } from '../platform/http/api';
import type { Clock } from '../platform/clock';
import { pageOf, writeCursor, type Page, type Position } from '../platform/mongo/paging';
import type { Conversations } from './conversations/conversations';
import { listConversations } from './conversations/lists';
import { listTickets } from './tickets/lists';
import type { Tickets } from './tickets/tickets';

interface Parts {
  contacts: Contacts;
  conversations: Conversations;
  tickets: Tickets;
  clock: Clock;
}

/** Contacts, and what happened with each of them on every channel. */
export const contactHandlers = (parts: Parts) =>
  handlers({
    listContacts: async ({ query }) => parts.contacts.list(query()),
    getContact: async ({ params }) => parts.contacts.get(params.id),
    async changeContact({ params, body }) {
      await parts.contacts.get(params.id);
      const [change, at] = [body(), parts.clock.now()];
      const contact = await parts.contacts.change(params.id, change, at);
      if (change.name !== undefined) await parts.conversations.renameContact(params.id, change.name, at);
      return contact;
    },
    async contactTimeline({ params, session, query }) {
      await parts.contacts.get(params.id);
      return timeline(parts, session.viewer, { contact: params.id, ...query() });
    },
  });

/** Two lists in one order: a page of the whole lies within a page of each. */
async function timeline(
  { conversations, tickets }: Parts,
  viewer: Viewer,
  query: { contact: string; cursor?: string; limit: number },
): Promise<Page<TimelineItem>> {
  const talks = await listConversations(conversations.model, viewer, query);
  const cases = await listTickets(tickets.models, viewer, query);
  const items = [...talks.items.map(ofConversation), ...cases.items.map(ofTicket)].sort(newestFirst);
  const page = pageOf(items, query.limit, positionOf, (item) => item);
  const hasMore = talks.nextCursor ?? cases.nextCursor;
  const last = page.items.at(-1);
  return { ...page, nextCursor: page.nextCursor ?? (hasMore && last ? writeCursor(positionOf(last)) : null) };
}

const ofConversation = (conversation: ConversationView): TimelineItem => ({
  kind: 'conversation',
  at: conversation.updatedAt,
  conversation,
});
const ofTicket = (ticket: TicketView): TimelineItem => ({ kind: 'ticket', at: ticket.createdAt, ticket });

const idOf = (item: TimelineItem): string =>
  item.kind === 'conversation' ? item.conversation.id : item.ticket.id;
const positionOf = (item: TimelineItem): Position => ({ at: new Date(item.at), id: idOf(item) });
const newestFirst = (a: TimelineItem, b: TimelineItem): number =>
  b.at.localeCompare(a.at) || (idOf(a) < idOf(b) ? 1 : -1);
