import type { WebchatMessage } from '../../src/contract/webchat';

/** What the visitor wrote and the server has not stored yet. Kept across reloads. */
export interface Unsent {
  clientMessageId: string;
  body: { text: string } | { choice: string; label?: string } | { attachmentId: string };
  shown: string;
  /** The file as this page has it, until the server's own copy is there. */
  preview?: NonNullable<WebchatMessage['attachments']>[number];
  state: 'sending' | 'failed';
}

export interface Conversation {
  messages: WebchatMessage[];
  unsent: Unsent[];
}

export const emptyConversation: Conversation = { messages: [], unsent: [] };

/** The server's history replaces ours; what it has is no longer unsent. */
export function welcomed(state: Conversation, messages: WebchatMessage[]): Conversation {
  return { messages, unsent: state.unsent.filter((one) => !isStored(messages, one.clientMessageId)) };
}

/** A message that came twice, or that answers our own optimistic one, stands once. */
export function received(state: Conversation, message: WebchatMessage): Conversation {
  if (state.messages.some((one) => one.id === message.id)) return state;
  const unsent = state.unsent.filter((one) => one.clientMessageId !== message.clientMessageId);
  return { messages: [...state.messages, message], unsent };
}

/** How many of these the visitor did not write and has not had. */
export function newReplies(state: Conversation, messages: WebchatMessage[]): number {
  const had = new Set(state.messages.map(({ id }) => id));
  return messages.filter(({ id, author }) => author !== 'contact' && !had.has(id)).length;
}

export function writing(state: Conversation, unsent: Unsent): Conversation {
  return {
    ...state,
    unsent: [...state.unsent.filter((one) => one.clientMessageId !== unsent.clientMessageId), unsent],
  };
}

export function stored(state: Conversation, clientMessageId: string, id: string, at: string): Conversation {
  const sent = state.unsent.find((one) => one.clientMessageId === clientMessageId);
  if (!sent) return state;
  const what = sent.preview ? { text: '', attachments: [sent.preview] } : { text: sent.shown };
  const message: WebchatMessage = { id, author: 'contact', ...what, clientMessageId, at };
  return received(state, message);
}

export function refused(state: Conversation, clientMessageId: string): Conversation {
  const unsent = state.unsent.map((one) =>
    one.clientMessageId === clientMessageId ? { ...one, state: 'failed' as const } : one,
  );
  return { ...state, unsent };
}

/** Only the choices of the last message may still be pressed. */
export function openChoices(state: Conversation): string | null {
  const last = state.messages.at(-1);
  return last?.choices?.length && state.unsent.length === 0 ? last.id : null;
}

const isStored = (messages: WebchatMessage[], clientMessageId: string): boolean =>
  messages.some((message) => message.clientMessageId === clientMessageId);
