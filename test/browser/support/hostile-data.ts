import { threadIdOf } from '../../../src/channels/host/client';
import { VisitorTokens } from '../../../src/channels/webchat/visitor-token';
import { defineCrm } from '../../../src/crm/models';
import { defineConversations } from '../../../src/desk/conversations/model';
import { defineTickets } from '../../../src/desk/tickets/model';
import type { Content } from '../../../src/domain/content';
import { defineArticles } from '../../../src/knowledge/articles';
import { defineMessages } from '../../../src/messages/model';
import { keptSecret, randomSecret } from '../../../src/platform/config/data-dir';
import { ensureIndexes } from '../../../src/platform/mongo/connection';
import { openStore } from '../../../src/platform/mongo/store';
import { SecretBox } from '../../../src/platform/secrets';
import { xssPayloads, type Payload } from '../../support/xss-payloads';

export const payloads = xssPayloads();
/** The thread of a console reads so many at once. */
export const perThread = 50;
const perVisitor = 90;
const start = Date.now() - 3_600_000;
const at = (index: number) => new Date(start + index);
const textAt = (index: number) => (payloads[index % payloads.length] as Payload).text;

/** Conversations whose messages hold all payloads as texts, and once more as names, labels, titles, errors. */
export const threadCount = Math.ceil(payloads.length / perThread);
export const visitorCount = Math.ceil(payloads.length / perVisitor);
export const conversationId = (kind: 'text' | 'other', index: number) => `cv_${kind}${index}`;

/** Fills a data folder as hostile customers and a hostile colleague would in years; no server may run on it. */
export async function seedHostile(dataDir: string): Promise<void> {
  const { connection, close } = await openStore({ dataDir, mongodbUrl: null }, { inWorker: false });
  const models = {
    contacts: defineCrm(connection).contacts,
    conversations: defineConversations(connection),
    messages: defineMessages(connection),
    tickets: defineTickets(connection).tickets,
    articles: defineArticles(connection),
  };
  await ensureIndexes(connection);
  await models.contacts.insertMany(payloads.map((_one, index) => contact(index)));
  await models.tickets.insertMany(payloads.map((_one, index) => ticket(index)));
  await models.articles.insertMany(payloads.map((_one, index) => article(index)));
  await models.conversations.insertMany(payloads.map((_one, index) => conversation(`cv_row${index}`, index)));
  for (const kind of ['text', 'other'] as const)
    for (let thread = 0; thread < threadCount; thread++)
      await models.conversations.insertMany([conversation(conversationId(kind, thread), thread, `${kind}${thread}`)]);
  await models.messages.insertMany(payloads.map((_one, index) => inConsole('text', index)));
  await models.messages.insertMany(payloads.map((_one, index) => inConsole('other', index)));
  await models.messages.insertMany(payloads.map((_one, index) => inWidget(index)));
  await models.messages.insertMany(Array.from({ length: visitorCount }, (_unused, visitor) => choices(visitor)));
  await close();
} // prettier-ignore

const contact = (index: number) => ({
  _id: `ct_${index}`,
  name: textAt(index),
  email: textAt(index + 1),
  phone: textAt(index + 2),
  company: textAt(index + 3),
  about: textAt(index + 4),
  tags: [textAt(index + 5)],
  createdAt: at(index),
  updatedAt: at(index),
});

const conversation = (_id: string, index: number, more = '') => ({
  _id,
  accountId: 'acme-telegram',
  channel: 'telegram',
  threadId: `th_${_id}`,
  identityId: `id_${_id}`,
  contactId: `ct_${index}`,
  contactName: textAt(index),
  isOpen: true,
  status: 'queued' as const,
  lastSeq: more ? perThread : 0,
  lastMessage: { text: textAt(index + 1), at: at(index), author: 'contact' as const },
  handover: {
    reason: 'contact_asked' as const,
    summary: textAt(index + 2),
    slots: { [textAt(index + 3)]: textAt(index + 4) },
    articles: [],
    language: null,
    skills: [],
    priority: 'normal' as const,
    at: at(index),
  },
  teamName: textAt(index + 3),
  category: textAt(index + 4),
  queuedAt: at(index),
  createdAt: at(index),
  updatedAt: at(index),
});

const ticket = (index: number) => ({
  _id: `tk_${index}`,
  number: 10_000 + index,
  subject: textAt(index),
  status: 'open' as const,
  category: textAt(index + 1),
  tags: [textAt(index + 2)],
  fields: { note: textAt(index + 3) },
  contactId: `ct_${index}`,
  contactName: textAt(index + 4),
  channel: 'telegram',
  teamName: textAt(index + 5),
  origin: { kind: 'message', id: null },
  createdAt: at(index),
  updatedAt: at(index),
});

const article = (index: number) => ({
  _id: `ar_${index}`,
  title: textAt(index),
  variants: [textAt(index + 1)],
  language: 'en' as const,
  tags: [textAt(index + 2)],
  body: textAt(index + 3),
  editedAt: at(index),
  editedBy: textAt(index + 4),
  createdAt: at(index),
  updatedAt: at(index),
});

function inConsole(kind: 'text' | 'other', index: number) {
  const conversation = conversationId(kind, Math.floor(index / perThread));
  const content: Content = kind === 'text' ? { type: 'text', text: textAt(index) } : other(index);
  const author = kind === 'text' ? (['contact', 'bot', 'agent', 'note', 'system'] as const)[index % 5] : 'contact';
  return {
    ...message(`ms_${kind}${index}`, (index % perThread) + 1, content),
    conversationId: conversation,
    threadId: `th_${conversation}`,
    author,
    agent: author === 'agent' ? { id: 'ag_x', name: textAt(index + 1) } : null,
    ...(author === 'agent' && {
      delivery: 'failed',
      deliveryError: { class: 'permanent', message: textAt(index + 2), platformCode: textAt(index + 3) },
    }),
  };
} // prettier-ignore

/** What else a message may be: each kind has several places for text. */
function other(index: number): Content {
  const [first, second, third] = [textAt(index), textAt(index + 1), textAt(index + 2)];
  const media = { fileId: 'x'.repeat(43), name: first, mimeType: second, sizeBytes: 7, transcript: third };
  const kinds: Content[] = [
    { type: 'choice', text: first, options: [{ id: second, label: second }, { id: third, label: third }] },
    { type: 'file', media, caption: second },
    { type: 'image', media: { ...media, fileId: null, error: second }, caption: first },
    { type: 'link', url: second, title: first, description: third },
    { type: 'location', latitude: 1, longitude: 2, label: first },
    { type: 'unsupported', platformType: first },
  ];
  return kinds[index % kinds.length] as Content;
} // prettier-ignore

const visitorId = (visitor: number) => `visitor${visitor}`;
const threadOf = (visitor: number) => threadIdOf('web', { visitorId: visitorId(visitor) });

/** A caption and the name of a file. */
function inWidget(index: number) {
  const visitor = Math.floor(index / perVisitor);
  const media = { fileId: 'x'.repeat(43), name: textAt(index), mimeType: 'application/pdf', sizeBytes: 7 };
  return {
    ...message(`ms_web${index}`, (index % perVisitor) + 1, { type: 'file', media, caption: textAt(index) }),
    conversationId: `cv_web${visitor}`,
    threadId: threadOf(visitor),
    accountId: 'web',
    author: (['bot', 'agent', 'contact'] as const)[index % 3],
    externalId: `${visitorId(visitor)}:m${index}`,
  };
}

/** The last message of a visitor: all payloads as buttons. */
function choices(visitor: number) {
  const options = payloads.map(({ id, text }) => ({ id, label: text }));
  return {
    ...message(`ms_choices${visitor}`, perVisitor + 1, { type: 'choice', text: textAt(visitor), options }),
    conversationId: `cv_web${visitor}`,
    threadId: threadOf(visitor),
    accountId: 'web',
    author: 'bot' as const,
    at: at(payloads.length),
  };
}

const message = (_id: string, seq: number, content: Content) => ({
  _id,
  accountId: 'acme-telegram',
  identityId: 'id_x',
  contactId: 'ct_0',
  seq,
  content,
  text: 'text' in content ? content.text : '',
  at: at(seq),
});

/** What the browser of that visitor keeps. */
export function visitorToken(dataDir: string, visitor: number): string {
  const secret = keptSecret(dataDir, 'secret-key', randomSecret);
  return new VisitorTokens(new SecretBox(secret).signer('visitor')).issue(
    'web',
    new Date(),
    visitorId(visitor),
  );
}

/** A flow whose every word is hostile, as the API would tell it: titles, triggers, steps, labels, facts. */
export function hostileFlows() {
  const words = (index: number) => ({ 'zh-CN': textAt(index), en: textAt(index) });
  const stepCount = 40;
  const steps = Array.from({ length: stepCount }, (_unused, index) => ({
    id: `s${index}`,
    kind: ['say', 'ask', 'choice', 'call', 'handover'][index % 5] ?? 'say',
    label: textAt(index),
    texts: words(index + 1),
    facts: [{ name: textAt(index + 2), value: textAt(index + 3) }],
    next:
      index + 1 < stepCount
        ? [{ to: `s${index + 1}`, when: textAt(index + 4), labels: words(index + 5) }]
        : [],
  }));
  return payloads.map(({ id, text }, index) => ({
    id,
    title: text,
    titles: words(index),
    version: text,
    languages: [text],
    triggers: payloads.map((one) => one.text),
    start: 's0',
    steps,
  }));
}
