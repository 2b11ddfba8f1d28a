import type { TimelineItem } from '../contract/contacts';
import type { Contacts } from '../crm/contacts';
import type { Viewer } from '../domain/role';
import { handlers } from '../platform/http/api';
import type { Clock } from '../platform/clock';
import { pageOf, readCursor } from '../platform/mongo/paging';
import type { Conversations } from './conversations/conversations';
import { listConversations } from './conversations/lists';
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
      return parts.contacts.change(params.id, body(), parts.clock.now());
    },
    async contactTimeline({ params, session, query }) {
      await parts.contacts.get(params.id);
      const { cursor, limit } = query();
      const before = readCursor(cursor)?.at;
      const items = (await everything(parts, session.viewer, params.id)).filter(
        ({ at }) => !before || new Date(at) < before,
      );
      return pageOf(
        items,
        limit,
        ({ at }) => ({ at: new Date(at), id: '' }),
        (item) => item,
      );
    },
  });

const mostOfEach = 100;

async function everything(parts: Parts, viewer: Viewer, contact: string): Promise<TimelineItem[]> {
  const conversations = await listConversations(parts.conversations.model, viewer, {
    contact,
    limit: mostOfEach,
  });
  const tickets = await parts.tickets.list(viewer, { contact, limit: mostOfEach });
  const items: TimelineItem[] = [
    ...conversations.items.map((conversation) => ({
      kind: 'conversation' as const,
      at: conversation.updatedAt,
      conversation,
    })),
    ...tickets.items.map((ticket) => ({ kind: 'ticket' as const, at: ticket.createdAt, ticket })),
  ];
  return items.sort((a, b) => b.at.localeCompare(a.at));
}
