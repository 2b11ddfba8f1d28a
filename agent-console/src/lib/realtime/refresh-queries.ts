import type { EventType, ServerEvent } from '../../../../src/contract/events';
import { queryClient } from '../query-client';
import { sessionQuery } from '../session';
import { onEvent, onReset } from './live';

/** What each event makes stale. Messages do not count: the inbox keeps those itself. */
const staleAfter: Record<EventType, string[]> = {
  'conversation:created': ['wall', 'conversations'],
  'conversation:updated': ['wall', 'conversations', 'customers'],
  'conversation:gone': ['wall', 'conversations', 'customers'],
  'message:created': [],
  'message:updated': [],
  'ticket:created': ['tickets', 'wall', 'customers'],
  'ticket:updated': ['tickets', 'wall', 'customers'],
  'ticket:gone': ['tickets', 'wall', 'customers'],
  'sla:warning': ['wall'],
  'sla:breached': ['wall', 'tickets'],
  'agent:updated': ['agents', 'teams', 'wall'],
  'article:updated': ['articles'],
  'channel:updated': ['channels'],
};
/** A rush of events reads each list a few times a second, not once an event; the wall owes two seconds in all. */
const gatherMs = 400;

const stale = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Keeps every query fresh from the one feed. */
export function refreshQueries(): void {
  onEvent((event) => {
    for (const key of staleAfter[event.type]) stale.add(key);
    if (event.type === 'agent:updated') refreshMe(event);
    if (stale.size > 0) timer ??= setTimeout(refresh, gatherMs);
  });
  onReset(() => void queryClient.invalidateQueries());
}

function refresh(): void {
  timer = undefined;
  for (const key of stale) void queryClient.invalidateQueries({ queryKey: [key] });
  stale.clear();
}

function refreshMe({ data: { agent } }: Extract<ServerEvent, { type: 'agent:updated' }>): void {
  const known = queryClient.getQueryData(sessionQuery.queryKey);
  if (known?.agent.id === agent.id) queryClient.setQueryData(sessionQuery.queryKey, { agent });
}
