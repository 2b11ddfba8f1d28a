import { create } from 'zustand';
import type { Viewers } from '../../../../../src/contract/events';
import { socket } from '../../../lib/realtime/connection';

/** Who else looks at the open conversation, and whether its contact types. Never stored. */
export const usePresence = create<{ viewers: Viewers | null; contactTypes: string | null }>(() => ({
  viewers: null,
  contactTypes: null,
}));

const typingEveryMs = 3_000;
const typingEndsAfterMs = 6_000;

let viewing: string | null = null;
let toldTypingAt = 0;
let stopTimer: ReturnType<typeof setTimeout> | undefined;
let contactTimer: ReturnType<typeof setTimeout> | undefined;

export function listenForPresence(): void {
  socket.on('viewers', (viewers) => usePresence.setState({ viewers }));
  socket.on('typing', ({ conversationId, typing }) => {
    clearTimeout(contactTimer);
    usePresence.setState({ contactTypes: typing ? conversationId : null });
    if (typing)
      contactTimer = setTimeout(() => usePresence.setState({ contactTypes: null }), typingEndsAfterMs);
  });
  socket.on('connect', () => tellViewing(viewing));
}

/** Null: nothing is open. */
export function tellViewing(conversationId: string | null): void {
  stopTyping();
  viewing = conversationId;
  usePresence.setState({ viewers: null, contactTypes: null });
  if (socket.connected) socket.emit('conversation:view', { conversationId }, () => undefined);
}

export const nowViewing = (): string | null => viewing;

/** Told at most every three seconds, and taken back after six without a key. */
export function noteTyping(conversationId: string): void {
  clearTimeout(stopTimer);
  stopTimer = setTimeout(stopTyping, typingEndsAfterMs);
  if (Date.now() - toldTypingAt < typingEveryMs || !socket.connected) return;
  toldTypingAt = Date.now();
  socket.emit('conversation:typing', { conversationId, typing: true }, () => undefined);
}

export function stopTyping(): void {
  clearTimeout(stopTimer);
  if (toldTypingAt === 0 || !viewing) return;
  toldTypingAt = 0;
  if (socket.connected)
    socket.emit('conversation:typing', { conversationId: viewing, typing: false }, () => undefined);
}
