import { examinedBy } from '../../../src/cli/bench/inbox/examined';
import { conversationIdOf, nameOf, openSeeder, type Seeder } from '../../../src/cli/bench/inbox/seed';
import { Contacts } from '../../../src/crm/contacts';
import { defineCrm } from '../../../src/crm/models';
import { countConversations } from '../../../src/desk/conversations/counts';
import { listConversations } from '../../../src/desk/conversations/lists';
import { defineConversations, type ConversationModel } from '../../../src/desk/conversations/model';
import { listTickets } from '../../../src/desk/tickets/lists';
import { defineTickets } from '../../../src/desk/tickets/model';
import type { Viewer } from '../../../src/domain/role';
import { ensureIndexes } from '../../../src/platform/mongo/connection';
import { writeCursor, type Page } from '../../../src/platform/mongo/paging';
import { closeStore, dropConnection, freshDatabaseUrl } from '../../support/store';

const count = 2_000;
const limit = 50;
const admin: Viewer = { agentId: 'ag_admin', role: 'admin', teamIds: [] };
const agent: Viewer = { agentId: 'ag_seed2', role: 'agent', teamIds: ['tm_a'] };

let seeder: Seeder;
let model: ConversationModel;

beforeAll(async () => {
  const url = await freshDatabaseUrl();
  seeder = await openSeeder(`${url}${url.includes('?') ? '&' : '?'}monitorCommands=true`);
  model = defineConversations(seeder.connection);
  await ensureIndexes(seeder.connection);
  await seeder.growTo(count);
  // A third is of the agent's team, a third of another one.
  const ids = Array.from({ length: count }, (_unused, at) => conversationIdOf(at));
  for (const [remainder, teamId] of [
    [0, 'tm_a'],
    [1, 'tm_b'],
  ] as const)
    // prettier-ignore
    await model.updateMany({ _id: { $in: ids.filter((_id, at) => at % 3 === remainder) } }, { teamId });
}, 120_000);
afterAll(async () => {
  await dropConnection(seeder.connection);
  await closeStore();
});

const conversations = (query: object, viewer = admin) =>
  listConversations(model, viewer, { limit, ...query });
const tickets = (query: object) => listTickets(defineTickets(seeder.connection), admin, { limit, ...query });
const contacts = (query: object) => new Contacts(defineCrm(seeder.connection)).list({ limit, ...query });

async function deep(field: string, collection: string, id: string): Promise<string> {
  const row = await seeder.connection.collection(collection).findOne({ _id: id as never });
  return writeCursor({ at: row?.[field] as Date, id });
}

/** The second server's explain tells no number of documents: it is asked only for the answers. */
const whereExamined = process.env['TEST_MONGODB_URL'] ? test.skip : test;

whereExamined.each<[string, () => Promise<unknown>]>([
  ['the inbox', () => conversations({})],
  ['a deep page of it', async () => conversations({ cursor: await deep('updatedAt', 'conversations', 'cv_seed1800') })],
  ['what is not closed', () => conversations({ closed: 'false' })],
  ['a deep page of what is not closed', async () =>
    conversations({ closed: 'false', cursor: await deep('updatedAt', 'conversations', 'cv_seed1800') })],
  ['a deep page of the queue', async () =>
    conversations({ status: 'queued', cursor: await deep('queuedAt', 'conversations', 'cv_seed1000') })],
  ['what an agent may see', () => conversations({}, agent)],
  ['one customer of all', () => conversations({ q: nameOf(1_234) })],
  ['words that all have', () => conversations({ q: 'ada order' })],
  ['a deep page of a search', async () =>
    conversations({ q: 'ada order', cursor: await deep('createdAt', 'conversations', 'cv_seed1800') })],
  ['a word that nobody wrote', () => conversations({ q: 'ada zebra' })],
  ['a deep page of tickets', async () =>
    tickets({ cursor: await deep('createdAt', 'tickets', 'tk_seed1801') })],
  ['one ticket of all', () => tickets({ q: nameOf(1_222) })],
  ['a deep page of contacts', async () => contacts({ cursor: await deep('updatedAt', 'contacts', 'ct_seed1800') })],
  ['one contact of all', () => contacts({ q: nameOf(1_234) })],
  ['the counts', () => countConversations(model, admin)],
])('%s looks at no more than two pages', async (_name, ask) => {
  const { docs } = await examinedBy(seeder.connection, ask);
  // A page reads one row too many, and the row where the last one ended.
  expect(docs).toBeLessThanOrEqual(2 * (limit + 2));
}); // prettier-ignore

test('what is searched for is found', async () => {
  expect((await conversations({ q: nameOf(1_234) })).items.map(({ id }) => id)).toEqual([
    conversationIdOf(1_234),
  ]);
  expect((await contacts({ q: nameOf(1_234) })).items.map(({ name }) => name)).toEqual([nameOf(1_234)]);
  expect((await conversations({ q: 'ada zebra' })).items).toEqual([]);
});

test('what is searched for comes newest first, whatever was said since', async () => {
  const [older, newer] = [0, 1].map((at) => ({
    _id: `cv_found${at}`,
    threadId: `th_found${at}`,
    createdAt: new Date(Date.UTC(2026, 0, 1 + at)),
    updatedAt: new Date(Date.UTC(2026, 0, 9 - at)),
  }));
  const like = await model.findById(conversationIdOf(0)).lean();
  const fresh = { ...like, isOpen: false, status: 'closed', searchKeys: ['quokka'] };
  await model.collection.insertMany([
    { ...fresh, ...older },
    { ...fresh, ...newer },
  ] as never[]);
  const found = await conversations({ q: 'quokka' });
  await model.deleteMany({ searchKeys: 'quokka' });
  expect(found.items.map(({ id }) => id)).toEqual(['cv_found1', 'cv_found0']);
});

async function walk<T extends { id: string }>(page: (cursor: object) => Promise<Page<T>>): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const { items, nextCursor }: Page<T> = await page(cursor === null ? {} : { cursor });
    ids.push(...items.map(({ id }) => id));
    cursor = nextCursor;
  } while (cursor !== null);
  return ids;
}

test('pages by cursor give every row once and in order, also where many rows have one time', async () => {
  const at = new Date('2026-01-02T03:04:05Z');
  await model.updateMany({ status: { $in: ['queued', 'bot'] } }, { updatedAt: at, queuedAt: at });
  for (const query of [{}, { closed: 'false' }, { status: 'bot' }, { q: 'order' }] as const) {
    const whole = await conversations({ ...query, limit: count });
    expect(await walk((cursor) => conversations({ ...query, ...cursor, limit: 97 }))).toEqual(
      whole.items.map(({ id }) => id),
    );
  }
  const queue = await model.find({ status: 'queued' }).sort({ queuedAt: 1, _id: 1 }).select('_id').lean();
  expect(await walk((cursor) => conversations({ status: 'queued', ...cursor, limit: 23 }))).toEqual(
    queue.map(({ _id }) => _id),
  );
});

test('each view is counted up to a hundred, as far as a viewer may see it', async () => {
  expect(await countConversations(model, admin)).toEqual({
    mine: 0,
    queued: 100,
    bot: 100,
    snoozed: 0,
    unclosed: 100,
  });
  await model.updateMany({ status: 'queued' }, { status: 'snoozed' });
  await model.updateMany({ status: 'bot' }, { teamId: 'tm_b' });
  const seen = {
    workspace: 'live' as const,
    $or: [{ teamId: { $in: [null, 'tm_a'] } }, { assigneeId: agent.agentId }],
  };
  const mine = await model.countDocuments({ assigneeId: agent.agentId, isOpen: true });
  await model.updateMany({ status: 'snoozed', teamId: null }, { workspace: 'training' });
  const snoozed = await model.countDocuments({ ...seen, status: 'snoozed' });
  expect(snoozed).toBeLessThan(100);
  expect(await countConversations(model, agent)).toEqual({ mine, queued: 0, bot: 0, snoozed, unclosed: 100 });
});
