import { defineConversations, type ConversationRow } from '../../../src/desk/conversations/model';
import { defineCrm } from '../../../src/crm/models';
import { ensureIndexes } from '../../../src/platform/mongo/connection';
import { openStore } from '../../../src/platform/mongo/store';
import { searchKeys } from '../../../src/platform/text/search-keys';

const batch = 1_000;

/** Fills a data folder with conversations that wait, as if a year of them had come; no server may run on it. */
export async function seedCrowd(dataDir: string, count: number): Promise<void> {
  const store = await openStore({ dataDir, mongodbUrl: null }, { inWorker: false });
  const conversations = defineConversations(store.connection);
  const { contacts } = defineCrm(store.connection);
  await ensureIndexes(store.connection);
  for (let from = 0; from < count; from += batch) {
    const rows = Array.from({ length: Math.min(batch, count - from) }, (_, index) => waiting(from + index));
    await contacts.insertMany(rows.map(contactOf), { ordered: false });
    await conversations.insertMany(rows, { ordered: false });
  }
  await store.close();
}

function waiting(index: number) {
  const name = `客户 ${String(index).padStart(5, '0')}`;
  const at = new Date(Date.now() - index * 1_000);
  return {
    _id: `cv_crowd${index}`,
    accountId: 'acme-wechat',
    channel: 'wechat',
    threadId: `th_crowd${index}`,
    identityId: `id_crowd${index}`,
    contactId: `ct_crowd${index}`,
    contactName: name,
    isOpen: true,
    status: 'queued',
    lastMessage: { text: `第 ${index} 位客户的问题`, at, author: 'contact' },
    searchKeys: searchKeys(name),
    queuedAt: at,
    createdAt: at,
    updatedAt: at,
  } satisfies Partial<ConversationRow>;
}

const contactOf = ({
  contactId,
  contactName,
  searchKeys,
  createdAt,
  updatedAt,
}: ReturnType<typeof waiting>) => ({
  _id: contactId,
  name: contactName,
  searchKeys,
  createdAt,
  updatedAt,
});
