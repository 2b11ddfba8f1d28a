import { MongoClient, type Collection, type Document } from 'mongodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedStore } from '../../../../../../src/platform/mongo/embedded';

let dataDir: string;
let store: { url: string; close(): Promise<void> };
let client: MongoClient;
let rows: Collection<Document>;
const count = 2_000;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-planner-'));
  store = await startEmbeddedStore({ dataDir, inWorker: false });
  client = await MongoClient.connect(store.url);
  rows = client.db('test').collection('rows');
  await rows.createIndex({ place: 1, at: -1, _id: -1 }, { name: 'place' });
  await rows.createIndex({ state: 1, at: -1, _id: -1 }, { name: 'state' });
  await rows.createIndex({ words: 1, at: -1, _id: -1 }, { name: 'words' });
  await rows.createIndex({ name: 1 }, { name: 'name', unique: true });
  await rows.createIndex({ state: 1, team: 1 }, { name: 'state and team' });
  await rows.insertMany(
    Array.from({ length: count }, (_unused, at) => ({
      _id: at as never,
      place: 'here',
      state: at % 20 === 0 ? 'rare' : at % 2 === 0 ? 'even' : 'odd',
      team: at % 3,
      at: Math.floor(at / 2),
      name: `n${at}`,
      words: ['all', at % 2 === 0 ? 'two' : 'one', ...(at % 7 === 0 ? ['seven'] : []), `w${at}`],
    })),
  );
});
afterAll(async () => {
  await client.close();
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Outcome {
  index: string | null;
  sorts: boolean;
  docs: number;
  keys: number;
  returned: number;
}

async function explained(filter: Document, { sort = {}, limit = 0 } = {}): Promise<Outcome> {
  const answer = await client
    .db('test')
    .command({ explain: { find: 'rows', filter, sort, limit }, verbosity: 'executionStats' });
  const { executionStats: stats, queryPlanner } = answer as Document;
  const plan = JSON.stringify((queryPlanner as Document)['winningPlan']);
  return {
    index: /"indexName":"([^"]+)"/.exec(plan)?.[1] ?? null,
    sorts: plan.includes('"SORT"'),
    docs: (stats as Document)['totalDocsExamined'],
    keys: (stats as Document)['totalKeysExamined'],
    returned: (stats as Document)['nReturned'],
  };
}

const newest = { at: -1, _id: -1 };
const page = { sort: newest, limit: 50 };
const behind = (at: number, id: number) => ({
  at: { $lte: at },
  $or: [{ at: { $lt: at } }, { at, _id: { $lt: id } }],
});

test.each<[string, Document, { sort?: Document; limit?: number }, Partial<Outcome>]>([
  ['one key of a unique index', { name: 'n7', state: 'odd' }, {}, { index: 'name', docs: 1 }],
  ['no index', { team: 1 }, {}, { index: null, docs: count }],
  ['nothing in a list of none', { name: { $in: [] } }, {}, { index: 'name', docs: 0, keys: 0 }],
  ['a page in the order of an index', { place: 'here' }, page, { index: 'place', sorts: false, docs: 50 }],
  [
    'a page behind a place begins there',
    { place: 'here', ...behind(100, 200) },
    page,
    { index: 'place', sorts: false, docs: 52, returned: 50 },
  ],
  [
    'the other way round, too',
    { place: 'here', at: { $gte: 900 } },
    { sort: { at: 1, _id: 1 }, limit: 50 },
    { index: 'place', sorts: false, docs: 50 },
  ],
  [
    'two ranges side by side give the order',
    { state: { $in: ['even', 'odd'] } },
    page,
    { index: 'state', sorts: false, docs: 50, returned: 50 },
  ],
  [
    'ranges side by side behind a place',
    { state: { $in: ['rare', 'odd'] }, ...behind(100, 200) },
    page,
    { index: 'state', sorts: false, returned: 50 },
  ],
  [
    'what is sorted by the listed field is sorted afterwards',
    { state: { $in: ['even', 'odd'] } },
    { sort: { state: 1, at: -1, _id: -1 }, limit: 50 },
    { index: 'state', sorts: true },
  ],
  ['one rare word', { words: 'w1234' }, page, { index: 'words', sorts: false, docs: 1 }],
  [
    'several words, one of them rare',
    { words: { $all: ['all', 'two', 'w1234'] } },
    page,
    { index: 'words', sorts: false, docs: 1, keys: 5 },
  ],
  [
    'several words that are all common',
    { words: { $all: ['two', 'seven', 'all'] } },
    page,
    { index: 'words', sorts: false, docs: 50, returned: 50 },
  ],
  [
    'several words behind a place',
    { words: { $all: ['two', 'seven'] }, ...behind(900, 1_800) },
    page,
    { index: 'words', sorts: false, docs: 50, returned: 50 },
  ],
  [
    'words that nothing has in common',
    { words: { $all: ['one', 'two'] } },
    page,
    { index: 'words', docs: 0, returned: 0 },
  ],
])('%s', async (_name, filter, options, expected) => {
  expect(await explained(filter, options)).toMatchObject(expected);
  const order = { ...options.sort, _id: options.sort?.['_id'] ?? 1 };
  const scanned = rows.find(filter, { hint: { $natural: 1 } }).sort(order);
  const planned = rows.find(filter).sort(order);
  for (const found of [scanned, planned]) found.limit(options.limit ?? 0).project({ _id: 1 });
  expect(await planned.toArray()).toEqual(await scanned.toArray());
});

test('of indexes that promise the same, the one that finds most is used', async () => {
  const rare = await explained({ place: 'here', state: 'rare' }, page);
  expect(rare).toMatchObject({ index: 'state', returned: 50 });
  // Ten looks tell which one it is.
  expect(rare.docs).toBeLessThan(65);
  const none = await explained({ place: 'here', words: 'nobody wrote this' }, page);
  expect(none).toMatchObject({ index: 'words', returned: 0 });
  expect(none.docs).toBeLessThan(5);
});

test('an index without the order is used for a page only where those with the order find nothing', async () => {
  // `state and team` says more, and must be sorted.
  const many = await explained({ place: 'here', state: 'odd', team: 1 }, page);
  expect(many).toMatchObject({ index: 'state', sorts: false, returned: 50 });
  // One in three matches, and `place` was not out at once.
  expect(many.docs).toBeLessThan(320);
  const none = await explained({ state: 'odd', team: 7 }, page);
  expect(none).toMatchObject({ index: 'state and team', returned: 0 });
  expect(none.docs).toBeLessThan(5);
  const few = await explained({ state: 'odd', team: 1, words: { $in: ['w1', 'w7'] } }, page);
  expect(few).toMatchObject({ returned: 2 });
  expect(few.docs).toBeLessThan(1_000);
});

test('a second bound is used beside an array in another field of the index', async () => {
  const filter = { words: 'all', at: { $gte: 500, $lt: 510 } };
  expect(await explained(filter, { sort: newest })).toMatchObject({ index: 'words', docs: 20, sorts: false });
});

test('where the field itself is an array, what a range gives is sorted', async () => {
  const lists = client.db('test').collection('lists');
  await lists.createIndex({ place: 1, n: 1 });
  await lists.insertMany([
    { _id: 1 as never, place: 'here', n: [1, 9] },
    { _id: 2 as never, place: 'here', n: [4] },
    { _id: 3 as never, place: 'here', n: 5 },
  ]);
  const found = await lists
    .find({ place: 'here', n: { $gte: 4 } })
    .sort({ n: 1 })
    .toArray();
  expect(found.map(({ _id }) => _id)).toEqual([1, 2, 3]);
});

test('where the filter chooses items of an array, the order is that of all items', async () => {
  const lists = client.db('test').collection('parts');
  await lists.createIndex({ 'part.kind': 1, 'part.n': 1 });
  await lists.insertMany([
    { _id: 1 as never, part: [{ kind: 'x', n: 3 }] },
    { _id: 2 as never, part: [{ kind: 'x', n: 5 }, { kind: 'y', n: 1 }] },
  ]); // prettier-ignore
  const found = await lists.find({ 'part.kind': 'x' }).sort({ 'part.n': 1 }).toArray();
  expect(found.map(({ _id }) => _id)).toEqual([2, 1]);
});

test('null at a place of an array is also what the items lack, and no index tells', async () => {
  const lists = client.db('test').collection('places');
  await lists.createIndex({ 'list.0': 1 });
  await lists.insertOne({ _id: 1 as never, list: [{ n: 1 }] });
  for (const asked of [null, { $in: [null, 5] }])
    expect(await lists.find({ 'list.0': asked }).toArray()).toHaveLength(1);
});

test('a count that needs no more than keys reads no documents, and not more keys than it asks for', async () => {
  const counted = (filter: Document, limit: number) =>
    client.db('test').command({
      explain: {
        aggregate: 'rows',
        pipeline: [{ $match: filter }, { $limit: limit }, { $group: { _id: 1, n: { $sum: 1 } } }],
        cursor: {},
      },
      verbosity: 'executionStats',
    });
  const { executionStats } = await counted({ state: { $in: ['even', 'odd'] }, team: 1 }, 100);
  expect(executionStats).toMatchObject({ totalDocsExamined: 0, totalKeysExamined: 100 });
  await rows.createIndex(
    { team: 1, at: 1 },
    { name: 'team here', partialFilterExpression: { place: 'here' } },
  );
  const partial = await counted({ place: 'here', team: 1 }, 30);
  expect(partial['executionStats']).toMatchObject({ totalDocsExamined: 0, totalKeysExamined: 30 });
});
