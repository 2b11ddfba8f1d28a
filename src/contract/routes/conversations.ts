import { z } from 'zod';
import * as conversations from '../conversations';
import * as messages from '../messages';
import { emptyBody, listOf } from '../common';
import { route } from './route';

const byId = conversations.idParams;
const onConversation = <const S extends string, B extends z.ZodType>(action: S, summary: string, body: B) =>
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

export const conversationRoutes = {
  listConversations: route({
    method: 'get',
    path: '/conversations',
    summary: 'List conversations, latest activity first; the queue longest wait first; a search newest first',
    allow: 'agent',
    query: conversations.conversationsQuery,
    status: 200,
    answer: listOf(conversations.conversationView),
  }),
  countConversations: route({
    method: 'get',
    path: '/conversations/counts',
    summary: 'How many conversations each view holds; 100 means 100 or more',
    allow: 'agent',
    status: 200,
    answer: conversations.conversationCounts,
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
    repeatable: true,
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
    repeatable: true,
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
