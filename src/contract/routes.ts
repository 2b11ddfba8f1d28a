import { z } from 'zod';
import type { Role } from '../domain/role';
import * as agents from './agents';
import * as channels from './channels';
import { emptyBody, listOf, paging } from './common';
import * as contacts from './contacts';
import * as conversations from './conversations';
import * as knowledge from './knowledge';
import * as messages from './messages';
import * as policies from './policies';
import * as tickets from './tickets';
import { wallView } from './wall';

/** One HTTP route: its schemas check the edge and make the OpenAPI document. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
  summary: string;
  /** The least role; `public` needs no session. A finer rule (team, owner) is the service's. */
  allow: Role | 'public';
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  status: number;
  answer?: z.ZodType;
}

const route = <const R extends Route>(definition: R): R => definition;
const byId = conversations.idParams;
const onConversation = <const S extends string>(action: S, summary: string, body: z.ZodType) =>
  route({
    method: 'post',
    path: `/conversations/:id/${action}`,
    summary,
    allow: 'agent',
    params: byId,
    body,
    status: 200,
    answer: conversations.conversationView,
  });

const eventsQuery = z.strictObject({ ...paging, cursor: z.coerce.number().int().min(0).default(0) });
const eventsPage = z.object({
  items: z.array(
    z.object({ seq: z.number(), prev: z.number(), type: z.string(), at: z.string(), data: z.unknown() }),
  ),
  nextCursor: z.number().nullable(),
});

const session = {
  signIn: route({
    method: 'post',
    path: '/session',
    summary: 'Sign in',
    allow: 'public',
    body: agents.signIn,
    status: 201,
    answer: agents.signedIn,
  }),
  whoAmI: route({
    method: 'get',
    path: '/session',
    summary: 'Who am I',
    allow: 'agent',
    status: 200,
    answer: agents.session,
  }),
  signOut: route({ method: 'delete', path: '/session', summary: 'Sign out', allow: 'agent', status: 204 }),
  changePassword: route({
    method: 'put',
    path: '/agents/me/password',
    summary: 'Change my password; all other sessions end',
    allow: 'agent',
    body: agents.changePassword,
    status: 204,
  }),
  changeStatus: route({
    method: 'put',
    path: '/agents/me/status',
    summary: 'Change my status',
    allow: 'agent',
    body: agents.changeStatus,
    status: 200,
    answer: agents.agentView,
  }),
};

const conversationRoutes = {
  listConversations: route({
    method: 'get',
    path: '/conversations',
    summary: 'List conversations, latest activity first; the queue longest wait first',
    allow: 'agent',
    query: conversations.conversationsQuery,
    status: 200,
    answer: listOf(conversations.conversationView),
  }),
  getConversation: route({
    method: 'get',
    path: '/conversations/:id',
    summary: 'One conversation',
    allow: 'agent',
    params: byId,
    status: 200,
    answer: conversations.conversationDetail,
  }),
  listMessages: route({
    method: 'get',
    path: '/conversations/:id/messages',
    summary: 'Its messages, oldest first',
    allow: 'agent',
    params: byId,
    query: messages.messagesQuery,
    status: 200,
    answer: listOf(messages.messageView),
  }),
  sendMessage: route({
    method: 'post',
    path: '/conversations/:id/messages',
    summary: 'Reply to the contact',
    allow: 'agent',
    params: byId,
    body: messages.sendMessage,
    status: 201,
    answer: messages.messageView,
  }),
  retryMessage: route({
    method: 'post',
    path: '/conversations/:id/messages/:messageId/retry',
    summary: 'Send a failed or unknown message again',
    allow: 'agent',
    params: messages.messageParams,
    body: emptyBody,
    status: 200,
    answer: messages.messageView,
  }),
  addNote: route({
    method: 'post',
    path: '/conversations/:id/notes',
    summary: 'Add an internal note',
    allow: 'agent',
    params: byId,
    body: messages.addNote,
    status: 201,
    answer: messages.messageView,
  }),
  claim: onConversation('claim', 'Take it from the queue', emptyBody),
  assign: onConversation('assign', 'Give it to an agent', conversations.assignBody),
  transfer: onConversation('transfer', 'Hand it to a team or a colleague', conversations.transferBody),
  returnToQueue: onConversation('return-to-queue', 'Put it back', emptyBody),
  snooze: onConversation('snooze', 'Let it rest until a time or the next message', conversations.snoozeBody),
  close: onConversation('close', 'Resolve it', conversations.closeBody),
  reopen: onConversation('reopen', 'Open it again', emptyBody),
};

const ticketRoutes = {
  listTickets: route({
    method: 'get',
    path: '/tickets',
    summary: 'List tickets, newest first',
    allow: 'agent',
    query: tickets.ticketsQuery,
    status: 200,
    answer: listOf(tickets.ticketView),
  }),
  createTicket: route({
    method: 'post',
    path: '/tickets',
    summary: 'Open a ticket',
    allow: 'agent',
    body: tickets.createTicket,
    status: 201,
    answer: tickets.ticketView,
  }),
  getTicket: route({
    method: 'get',
    path: '/tickets/:id',
    summary: 'One ticket',
    allow: 'agent',
    params: byId,
    status: 200,
    answer: tickets.ticketView,
  }),
  changeTicket: route({
    method: 'patch',
    path: '/tickets/:id',
    summary: 'Change a ticket',
    allow: 'agent',
    params: byId,
    body: tickets.changeTicket,
    status: 200,
    answer: tickets.ticketView,
  }),
  ticketHistory: route({
    method: 'get',
    path: '/tickets/:id/history',
    summary: 'All that happened to it, oldest first',
    allow: 'agent',
    params: byId,
    query: z.strictObject(paging),
    status: 200,
    answer: listOf(tickets.ticketEventView),
  }),
};

const contactRoutes = {
  listContacts: route({
    method: 'get',
    path: '/contacts',
    summary: 'List or search contacts',
    allow: 'agent',
    query: contacts.contactsQuery,
    status: 200,
    answer: listOf(contacts.contactView),
  }),
  getContact: route({
    method: 'get',
    path: '/contacts/:id',
    summary: 'One contact with the identities',
    allow: 'agent',
    params: byId,
    status: 200,
    answer: contacts.contactDetail,
  }),
  changeContact: route({
    method: 'patch',
    path: '/contacts/:id',
    summary: 'Change a contact',
    allow: 'agent',
    params: byId,
    body: contacts.changeContact,
    status: 200,
    answer: contacts.contactDetail,
  }),
  contactTimeline: route({
    method: 'get',
    path: '/contacts/:id/timeline',
    summary: 'Conversations and tickets across channels, newest first',
    allow: 'agent',
    params: byId,
    query: z.strictObject(paging),
    status: 200,
    answer: listOf(contacts.timelineItem),
  }),
};

const knowledgeRoutes = {
  listArticles: route({
    method: 'get',
    path: '/articles',
    summary: 'List articles',
    allow: 'agent',
    query: knowledge.articlesQuery,
    status: 200,
    answer: listOf(knowledge.articleView),
  }),
  searchArticles: route({
    method: 'get',
    path: '/articles/search',
    summary: 'Ask a question as a customer would',
    allow: 'agent',
    query: knowledge.articleSearchQuery,
    status: 200,
    answer: knowledge.articleSearchResult,
  }),
  getArticle: route({
    method: 'get',
    path: '/articles/:id',
    summary: 'One article',
    allow: 'agent',
    params: byId,
    status: 200,
    answer: knowledge.articleView,
  }),
  createArticle: route({
    method: 'post',
    path: '/articles',
    summary: 'Write an article',
    allow: 'supervisor',
    body: knowledge.createArticle,
    status: 201,
    answer: knowledge.articleView,
  }),
  changeArticle: route({
    method: 'patch',
    path: '/articles/:id',
    summary: 'Change an article',
    allow: 'supervisor',
    params: byId,
    body: knowledge.changeArticle,
    status: 200,
    answer: knowledge.articleView,
  }),
  listFlows: route({
    method: 'get',
    path: '/flows',
    summary: 'The flows, as graphs',
    allow: 'agent',
    status: 200,
    answer: listOf(knowledge.flowView),
  }),
};

const settingsRoutes = {
  listChannels: route({
    method: 'get',
    path: '/channels',
    summary: 'Accounts with their health',
    allow: 'agent',
    status: 200,
    answer: listOf(channels.channelView),
  }),
  listChannelTypes: route({
    method: 'get',
    path: '/channel-types',
    summary: 'Channels that can be added, with their settings',
    allow: 'admin',
    status: 200,
    answer: listOf(channels.channelTypeView),
  }),
  createChannel: route({
    method: 'post',
    path: '/channels',
    summary: 'Connect an account',
    allow: 'admin',
    body: channels.createChannel,
    status: 201,
    answer: channels.channelView,
  }),
  changeChannel: route({
    method: 'patch',
    path: '/channels/:id',
    summary: 'Change an account',
    allow: 'admin',
    params: byId,
    body: channels.changeChannel,
    status: 200,
    answer: channels.channelView,
  }),
  listAgents: route({
    method: 'get',
    path: '/agents',
    summary: 'The team',
    allow: 'agent',
    status: 200,
    answer: listOf(agents.agentView),
  }),
  createAgent: route({
    method: 'post',
    path: '/agents',
    summary: 'Add an agent',
    allow: 'admin',
    body: agents.createAgent,
    status: 201,
    answer: agents.agentView,
  }),
  changeAgent: route({
    method: 'patch',
    path: '/agents/:id',
    summary: 'Change an agent',
    allow: 'admin',
    params: byId,
    body: agents.changeAgent,
    status: 200,
    answer: agents.agentView,
  }),
  listTeams: route({
    method: 'get',
    path: '/teams',
    summary: 'Teams',
    allow: 'agent',
    status: 200,
    answer: listOf(agents.teamView),
  }),
  createTeam: route({
    method: 'post',
    path: '/teams',
    summary: 'Add a team',
    allow: 'admin',
    body: agents.createTeam,
    status: 201,
    answer: agents.teamView,
  }),
  changeTeam: route({
    method: 'patch',
    path: '/teams/:id',
    summary: 'Change a team',
    allow: 'admin',
    params: byId,
    body: agents.changeTeam,
    status: 200,
    answer: agents.teamView,
  }),
  getSlaPolicies: route({
    method: 'get',
    path: '/sla-policies',
    summary: 'SLA policies in their order',
    allow: 'agent',
    status: 200,
    answer: policies.slaPolicies,
  }),
  changeSlaPolicies: route({
    method: 'patch',
    path: '/sla-policies',
    summary: 'Replace the SLA policies',
    allow: 'admin',
    body: policies.slaPolicies,
    status: 200,
    answer: policies.slaPolicies,
  }),
  getBusinessHours: route({
    method: 'get',
    path: '/business-hours',
    summary: 'Opening hours; null is always open',
    allow: 'agent',
    status: 200,
    answer: policies.businessHoursBody,
  }),
  changeBusinessHours: route({
    method: 'patch',
    path: '/business-hours',
    summary: 'Replace the opening hours',
    allow: 'admin',
    body: policies.businessHoursBody,
    status: 200,
    answer: policies.businessHoursBody,
  }),
};

const liveRoutes = {
  listEvents: route({
    method: 'get',
    path: '/events',
    summary: 'What happened after a cursor, as far as you may see it',
    allow: 'agent',
    query: eventsQuery,
    status: 200,
    answer: eventsPage,
  }),
  getWall: route({
    method: 'get',
    path: '/wall',
    summary: 'The live wall',
    allow: 'supervisor',
    status: 200,
    answer: wallView,
  }),
};

/** Every route below `/api/v1`. */
export const routes = {
  ...session,
  ...conversationRoutes,
  ...ticketRoutes,
  ...contactRoutes,
  ...knowledgeRoutes,
  ...settingsRoutes,
  ...liveRoutes,
};
export type RouteName = keyof typeof routes;
