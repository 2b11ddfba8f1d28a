import mongoose from 'mongoose';
import { MongoClient, type Document } from 'mongodb';
import { startJourney, type Journey } from '../../../support/journey';
import { closeStore, freshDatabaseUrl } from '../../../support/store';
import { until } from '../../../support/until';

/** What mongoose is asked to do while the application runs. */
interface Asked {
  collection: string;
  filter: Document;
  sort?: Document;
}

/** Small by their nature: read whole, and never more than the people, accounts and settings of one company. */
const readWhole = new Set(['accounts', 'agents', 'teams', 'probes', 'settings', 'leases', 'articles']);
const withFilter = [
  'find', 'findOne', 'countDocuments', 'updateOne', 'updateMany', 'findOneAndUpdate', 'deleteOne', 'deleteMany',
]; // prettier-ignore

const asked = new Map<string, Asked>();
let journey: Journey;
let url: string;

beforeAll(async () => {
  mongoose.set('debug', (collection: string, method: string, filter: unknown, options: unknown) => {
    if (!withFilter.includes(method)) return;
    const sort = (
      method === 'find' || method === 'findOne' ? (options as Document | undefined)?.['sort'] : undefined
    ) as Document | undefined;
    const one = { collection, filter: (filter ?? {}) as Document, ...(sort && { sort }) };
    asked.set(`${collection} ${shapeOf(one.filter)} ${JSON.stringify(sort ?? {})}`, one);
  });
  url = await freshDatabaseUrl();
  journey = await startJourney((config) => void (config.mongodbUrl = url));
}, 60_000);
afterAll(async () => {
  mongoose.set('debug', false);
  await journey.stop();
  await closeStore();
});

/** Two filters of one shape differ only in their values. */
const shapeOf = (filter: unknown): string =>
  JSON.stringify(filter, (_key, value: unknown) => (typeof value === 'object' ? value : typeof value));

test('every list and every sweep of the running application is answered by an index', async () => {
  const agent = await journey.as('supervisor');
  const lists = [
    '/conversations',
    '/conversations?status=open',
    '/conversations?status=queued',
    '/tickets',
    '/articles',
    '/agents',
  ];
  for (const path of lists) await agent.get(path).catch(() => undefined);
  // The sweeps run by themselves: each has asked once when its collection was seen.
  await until(() => new Set([...asked.values()].map(({ collection }) => collection)).has('clocks'));
  const client = await MongoClient.connect(url);
  const scans: string[] = [];
  for (const { collection, filter, sort } of asked.values()) {
    // Of an empty list nothing is found, and engines differ in how they plan that.
    if (readWhole.has(collection) || JSON.stringify(filter).includes('"$in":[]')) continue;
    const plan = await client
      .db()
      .command({ explain: { find: collection, filter, ...(sort && { sort }) }, verbosity: 'queryPlanner' });
    if (JSON.stringify(plan['queryPlanner'].winningPlan).includes('COLLSCAN'))
      scans.push(`${collection} ${JSON.stringify(filter)} ${JSON.stringify(sort ?? {})}`);
  }
  await client.close();
  expect(scans).toEqual([]);
  expect(asked.size).toBeGreaterThan(10);
});
