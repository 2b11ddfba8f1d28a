import { useMemo, useSyncExternalStore } from 'react';
import type { ConversationView } from '../../../../../src/contract/conversations';
import type { ServerEvent } from '../../../../../src/contract/events';
import { queryClient } from '../../../lib/query-client';
import { socket } from '../../../lib/realtime/connection';
import { onEvent, onReset } from '../../../lib/realtime/live';
import { newId } from '../../../lib/new-id';
import { me } from '../../../lib/session';
import { ConversationStore, type Listing } from './conversations';
import { Drafts } from './drafts';
import { announce } from './notices';
import { Outbox } from './outbox';
import { OutboxDb } from './outbox-db';
import type { Mode, OutboxItem } from './outbox-item';
import { listenForPresence, nowViewing } from './presence';
import { Seen } from './seen';
import { type Thread, ThreadStore } from './threads';
import type { ViewName } from './views';

const myId = (): string => me()?.id ?? '';

export const conversations = new ConversationStore(myId);
export const threads = new ThreadStore();
export const drafts = new Drafts(myId);
export const seen = new Seen();
export const outbox = new Outbox({
  db: new OutboxDb(),
  myId,
  newId,
  now: () => Date.now(),
  stored: (message) => threads.put(message),
});

let started = false;
/** Lets the inbox live on the feed, whatever screen is shown. */
export function startInbox(): void {
  if (started) return;
  started = true;
  listenForPresence();
  onEvent(take);
  onReset(() => {
    conversations.refresh();
    threads.refresh();
  });
  socket.on('connect', () => outbox.flush());
  void outbox.load().catch(() => undefined);
}

function take(event: ServerEvent): void {
  switch (event.type) {
    case 'conversation:created':
    case 'conversation:updated':
      announce.conversation(conversations.get(event.data.conversation.id), event.data.conversation);
      return conversations.put(event.data.conversation);
    case 'conversation:gone':
      return hide(event.data.conversationId, event.data.version);
    case 'message:created':
      threads.put(event.data.message);
      outbox.settle(event.data.message);
      return arrived(event.data.message.conversationId, event.data.message.author);
    case 'message:updated':
      return threads.put(event.data.message, { again: true });
    default:
      return;
  }
}

/** What is said there meanwhile is not told to us, so its thread is read anew should it come back. */
export function hide(id: string, version: number): void {
  if (!conversations.remove(id, version)) return;
  threads.forget(id);
  void queryClient.invalidateQueries({ queryKey: ['conversation', id], refetchType: 'none' });
}

function arrived(conversationId: string, author: string): void {
  if (author !== 'contact') return;
  if (nowViewing() !== conversationId || document.hidden) seen.noteArrival(conversationId);
  announce.message(conversations.get(conversationId));
}

export const useConversation = (id: string): ConversationView | undefined =>
  useSyncExternalStore(
    useMemo(() => (tell: () => void) => conversations.watchRow(id, tell), [id]),
    () => conversations.get(id),
  );
export const useListing = (view: ViewName): Listing =>
  useSyncExternalStore(
    useMemo(() => (tell: () => void) => conversations.watchView(view, tell), [view]),
    () => conversations.listing(view),
  );
export const useThread = (id: string): Thread =>
  useSyncExternalStore(
    useMemo(() => (tell: () => void) => threads.watch(id, tell), [id]),
    () => threads.get(id),
  );
export const useOutbox = (id: string): OutboxItem[] =>
  useSyncExternalStore(
    useMemo(() => (tell: () => void) => outbox.watch(id, tell), [id]),
    () => outbox.of(id),
  );
export const useDraft = (id: string, mode: Mode): string =>
  useSyncExternalStore(
    useMemo(() => (tell: () => void) => drafts.watch(id, tell), [id]),
    () => drafts.get(id, mode),
  );
export const useUnread = (row: ConversationView): number =>
  useSyncExternalStore(
    useMemo(() => (tell: () => void) => seen.watch(row.id, tell), [row.id]),
    () => seen.countOf(row),
  );
