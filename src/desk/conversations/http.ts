import { handlers } from '../../platform/http/api';
import type { MessageStore } from '../../messages/message-store';
import { toMessageView } from '../../messages/view';
import { readCursor, writeCursor } from '../../platform/mongo/paging';
import { inOrder } from '../../platform/work/in-order';
import type { ConversationActs } from './acts';
import type { Conversations } from './conversations';
import { countConversations } from './counts';
import { listConversations, queuePosition } from './lists';
import type { Replies, Said } from './replies';
import { toConversationView } from './view';
import type { Response } from 'express';

interface Parts {
  conversations: Conversations;
  acts: ConversationActs;
  replies: Replies;
  messages: MessageStore;
}

export const conversationHandlers = ({ conversations, acts, replies, messages }: Parts) =>
  handlers({
    listConversations: async ({ session, query }) =>
      listConversations(conversations.model, session.viewer, query()),
    countConversations: async ({ session }) => countConversations(conversations.model, session.viewer),
    async getConversation({ params, session }) {
      const row = await conversations.require(session.viewer, params.id);
      return { ...toConversationView(row), queuePosition: await queuePosition(conversations.model, row) };
    },
    async listMessages({ params, session, query }) {
      const row = await conversations.require(session.viewer, params.id);
      const { cursor, before, limit } = query();
      const afterSeq = readCursor(cursor)?.at.getTime() ?? 0;
      const found = await messages.page(row._id, { afterSeq, beforeSeq: before, limit: limit + 1 });
      return before === undefined ? forwards(found, limit) : backwards(found, limit);
    },
    async sendMessage({ params, session, body, http }) {
      const asked = async () => replies.begin('agent', params.id, session, body());
      const [row, reply] = await inOrder(conversations.require(session.viewer, params.id), asked());
      return answer(await replies.reply(row, session, reply), http.response);
    },
    async retryMessage({ params, session, body }) {
      const row = await conversations.require(session.viewer, params.id);
      body();
      return replies.retry(row, session, params.messageId);
    },
    async addNote({ params, session, body, http }) {
      const asked = async () => replies.begin('note', params.id, session, body());
      const [row, note] = await inOrder(conversations.require(session.viewer, params.id), asked());
      return answer(await replies.note(row, session, note), http.response);
    },
    async claim({ params, session, body }) {
      const row = await conversations.require(session.viewer, params.id);
      body();
      return acts.claim(row, session);
    },
    async assign({ params, session, body }) {
      const row = await conversations.require(session.viewer, params.id);
      return acts.assign(row, session, body().agentId);
    },
    async transfer({ params, session, body }) {
      const row = await conversations.require(session.viewer, params.id);
      const { note, ...to } = body();
      const view = await acts.transfer(row, session, to);
      if (note)
        await replies.note(row, session, await replies.begin('note', row._id, session, { text: note }));
      return view;
    },
    async returnToQueue({ params, session, body }) {
      const row = await conversations.require(session.viewer, params.id);
      body();
      return acts.returnToQueue(row, session);
    },
    async snooze({ params, session, body }) {
      const row = await conversations.require(session.viewer, params.id);
      return acts.snooze(row, session, new Date(body().until));
    },
    async close({ params, session, body }) {
      const row = await conversations.require(session.viewer, params.id);
      return acts.close(row, session, body().category);
    },
    async reopen({ params, session, body }) {
      const row = await conversations.require(session.viewer, params.id);
      body();
      return acts.reopen(row, session);
    },
  });

/** A repeat is 200, the first 201. */
function answer({ message, created }: Said, response: Response) {
  response.status(created ? 201 : 200);
  return message;
}

type Rows = Awaited<ReturnType<MessageStore['page']>>;

function forwards(found: Rows, limit: number) {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = found.length > limit && last ? cursorAt(last.seq) : null;
  return { items: items.map(toMessageView), nextCursor };
}

/** The page before: one more was read to know whether there is yet another. */
function backwards(found: Rows, limit: number) {
  const items = found.slice(-limit);
  return { items: items.map(toMessageView), nextCursor: null };
}

/** A place in a conversation takes the place of a time. */
const cursorAt = (seq: number): string => writeCursor({ at: new Date(seq), id: '' });
