import { countConversations } from '../../../desk/conversations/counts';
import { listConversations, type ConversationQuery } from '../../../desk/conversations/lists';
import { defineConversations, type ConversationModel } from '../../../desk/conversations/model';
import { MessageStore } from '../../../messages/message-store';
import { defineMessages } from '../../../messages/model';
import { writeCursor } from '../../../platform/mongo/paging';
import type { Api } from '../processes/api';
import { conversationIdOf, nameOf, type Seeder } from './seed';
import type { Sweeper } from './sweeper';

/** What is timed through the server, and the same asked of the store directly, to be explained. */
export interface Operation {
  name: string;
  run(round: number): Promise<unknown>;
  ask(): Promise<unknown>;
}

interface Parts {
  api: { admin: Api; agent: Api };
  seeder: Seeder;
  sweeper: Sweeper;
  size: number;
}

const limit = 50;

/** What people do all day, through the REST API, and what the sweeper does every second. */
export async function operationsOn({ api, seeder, sweeper, size }: Parts): Promise<Operation[]> {
  const { connection } = seeder;
  const model = defineConversations(connection);
  const messages = new MessageStore(defineMessages(connection));
  const cursor = await positionAt(model, Math.floor(size * 0.9));
  const any = (round: number) => (round * 7_919) % size;
  const page = (
    name: string,
    who: Api,
    queryOf: (round: number) => Omit<ConversationQuery, 'limit'>,
  ): Operation => ({
    name,
    run: (round) =>
      who.get(`/conversations?${new URLSearchParams({ ...queryOf(round), limit: `${limit}` })}`),
    ask: () => listConversations(model, who.viewer, { ...queryOf(1), limit }),
  });
  return [
    page('inbox, first page', api.admin, () => ({})),
    page('an agent’s inbox, unclosed', api.agent, () => ({ closed: 'false' })),
    page('inbox, a deep page by cursor', api.admin, () => ({ cursor })),
    page('queue, first page', api.admin, () => ({ status: 'queued' })),
    page('search for one customer', api.admin, (round) => ({ q: nameOf(any(round)) })),
    page('search for a word that all have', api.admin, () => ({ q: 'ada' })),
    {
      name: 'open a conversation',
      run: (round) => open(api.admin, conversationIdOf(any(round))),
      ask: () => messages.page(conversationIdOf(any(1)), { afterSeq: 0, limit: limit + 1 }),
    },
    {
      name: 'counts of the views',
      run: () => api.admin.get('/conversations/counts'),
      ask: () => countConversations(model, api.admin.viewer),
    },
    { name: 'SLA sweep, nothing due', run: () => sweeper.sweep(), ask: () => sweeper.sweep() },
  ];
}

const open = (api: Api, id: string) =>
  Promise.all([api.get(`/conversations/${id}`), api.get(`/conversations/${id}/messages`)]);

async function positionAt(model: ConversationModel, place: number): Promise<string> {
  const row = await model.findById(conversationIdOf(place)).select('updatedAt').lean();
  if (!row) throw new Error(`No conversation ${place}.`);
  return writeCursor({ at: row.updatedAt, id: row._id });
}
