import type { ConversationView } from '../../../../../src/contract/conversations';
import type { Request } from '../../../lib/api';

export const viewNames = ['mine', 'queue', 'bot', 'all', 'snoozed', 'resolved'] as const;
export type ViewName = (typeof viewNames)[number];
export const isViewName = (name: unknown): name is ViewName => viewNames.some((one) => one === name);

/** What a view shows: how the server is asked for it, and how an event is sorted into it. */
export interface View {
  query: NonNullable<Request<'GET /conversations'>['query']>;
  holds(conversation: ConversationView, myId: string): boolean;
  /** Waiting longest first; else the latest first. */
  isQueue?: true;
}

export const views: Record<ViewName, View> = {
  mine: {
    query: { assignee: 'me', closed: 'false' },
    holds: ({ assignee, status }, myId) =>
      assignee?.id === myId && (status === 'open' || status === 'pending'),
  },
  queue: { query: { status: 'queued' }, holds: ({ status }) => status === 'queued', isQueue: true },
  bot: { query: { status: 'bot' }, holds: ({ status }) => status === 'bot' },
  all: { query: { closed: 'false' }, holds: ({ status }) => status !== 'closed' },
  snoozed: { query: { status: 'snoozed' }, holds: ({ status }) => status === 'snoozed' },
  resolved: { query: { status: 'closed' }, holds: ({ status }) => status === 'closed' },
};

/** Smaller is higher in the list. */
export function compareIn(view: View, one: ConversationView, other: ConversationView): number {
  const [a, b] = [placeIn(view, one), placeIn(view, other)];
  const byTime = view.isQueue ? a.localeCompare(b) : b.localeCompare(a);
  return byTime || (view.isQueue ? one.id.localeCompare(other.id) : other.id.localeCompare(one.id));
}

/** ISO times of one length sort as text. */
const placeIn = (view: View, { queuedAt, updatedAt }: ConversationView): string =>
  view.isQueue ? (queuedAt ?? updatedAt) : updatedAt;
