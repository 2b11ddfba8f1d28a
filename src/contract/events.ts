import { z } from 'zod';
import { agentStatuses, type Role } from '../domain/role';
import type { AgentView } from './agents';
import type { ChannelView } from './channels';
import { id } from './common';
import type { ConversationView } from './conversations';
import type { ArticleView } from './knowledge';
import type { MessageView } from './messages';
import type { TicketView } from './tickets';

/** Everything lasting that the console hears of, by type. */
export interface EventData {
  'conversation:created': { conversation: ConversationView };
  'conversation:updated': { conversation: ConversationView };
  /** Not in sight any more for whoever has not heard of it in this version or a later one. */
  'conversation:gone': { conversationId: string; version: number };
  'message:created': { conversationId: string; message: MessageView };
  'message:updated': { conversationId: string; message: MessageView };
  'ticket:created': { ticket: TicketView };
  'ticket:updated': { ticket: TicketView };
  /** As `conversation:gone`. */
  'ticket:gone': { ticketId: string; version: number };
  'sla:warning': { conversationId: string | null; ticketId: string; metric: string; dueAt: string };
  'sla:breached': { conversationId: string | null; ticketId: string; metric: string; dueAt: string };
  'agent:updated': { agent: AgentView };
  'article:updated': { article: ArticleView };
  'channel:updated': { channel: ChannelView };
}
export type EventType = keyof EventData;

export type ServerEvent = {
  [T in EventType]: { seq: number; prev: number; type: T; at: string; data: EventData[T] };
}[EventType];

/** The first after connecting: where this agent's chain stands, and by what it is chosen what they see. */
export interface ReadyEvent {
  seq: number;
  prev: number;
  type: 'ready';
  at: string;
  data: { contractVersion: number; role: Role; teamIds: string[] };
}

export type ResumeAnswer = { events: ServerEvent[] } | { reset: true };
export type Ack<T> = (answer: T | { error: { code: string; message: string } }) => void;

export const resumeRequest = z.strictObject({ cursor: z.number().int().min(0) });
export const viewingRequest = z.strictObject({ conversationId: id.nullable() });
export const typingRequest = z.strictObject({ conversationId: id, typing: z.boolean() });
export const statusRequest = z.strictObject({ status: z.enum(agentStatuses) });

/** Who looks at a conversation now. Never stored. */
export interface Viewers {
  conversationId: string;
  agents: { id: string; name: string; typing: boolean }[];
}
/** The contact types. Never stored. */
export interface ContactTyping {
  conversationId: string;
  typing: boolean;
}

export interface ConsoleServerEvents {
  event: (event: ServerEvent | ReadyEvent) => void;
  viewers: (viewers: Viewers) => void;
  typing: (typing: ContactTyping) => void;
  /** Every 15 s: this agent's chain head, so that a silent gap is found. */
  head: (head: { seq: number; now: string }) => void;
}
export interface ConsoleClientEvents {
  resume: (request: z.infer<typeof resumeRequest>, ack: Ack<ResumeAnswer>) => void;
  'conversation:view': (request: z.infer<typeof viewingRequest>, ack: Ack<{ ok: true }>) => void;
  'conversation:typing': (request: z.infer<typeof typingRequest>, ack: Ack<{ ok: true }>) => void;
  'agent:status': (request: z.infer<typeof statusRequest>, ack: Ack<{ ok: true }>) => void;
}
