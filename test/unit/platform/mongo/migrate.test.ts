import type { Connection } from 'mongoose';
import type { Document } from 'mongodb';
import { defineModels } from '../../../../src/models';
import { systemClock } from '../../../../src/platform/clock';
import { connectMongo } from '../../../../src/platform/mongo/connection';
import { migrate } from '../../../../src/platform/mongo/migrate';
import { leaseMs, Leases } from '../../../../src/platform/work/leases';
import { startJourney } from '../../../support/journey';
import { ManualClock } from '../../../support/manual-clock';
import { closeStore, freshDatabaseUrl } from '../../../support/store';

let url: string;
let connections: Connection[];

beforeEach(async () => {
  url = await freshDatabaseUrl();
  connections = [];
});
afterEach(async () => {
  await connections[0]?.dropDatabase();
  for (const connection of connections) await connection.close();
});
afterAll(closeStore);

/** A server that starts: its own connection, its own name. */
async function node(name: string, clock = systemClock) {
  const connection = await connectMongo(url);
  connections.push(connection);
  defineModels(connection);
  return { connection, leases: new Leases(connection, name, clock) };
}

async function indexesOf(connection: Connection): Promise<Document> {
  const all: Document = {};
  for (const { name } of await connection.listCollections())
    all[name] = await connection.collection(name).listIndexes().toArray();
  return all;
}

test('of two servers that start at once one makes the indexes, and the other one waits and makes none', async () => {
  const [a, b] = [await node('a'), await node('b')];
  const order: string[] = [];
  const [one, other] = await Promise.all(
    [a, b].map(async ({ connection, leases }) => {
      const made = await migrate(connection, leases);
      order.push(made.length > 0 ? 'makes' : 'waits');
      return made;
    }),
  );
  const made = [...(one ?? []), ...(other ?? [])];
  expect(order).toEqual(['makes', 'waits']);
  expect(new Set(made).size).toBe(made.length);
  expect(made).toContain('agents.emailLower_1');
  const declared = Object.values(a.connection.models).flatMap((model) => model.schema.indexes());
  expect(made).toHaveLength(declared.length);
});

test('a second run changes nothing', async () => {
  const { connection, leases } = await node('a');
  await migrate(connection, leases);
  const before = await indexesOf(connection);
  expect(await migrate(connection, leases)).toEqual([]);
  expect(await indexesOf(connection)).toEqual(before);
});

test('nothing is made while another server is at it; one that died is waited for no longer than its lease', async () => {
  const clock = new ManualClock();
  const [dead, next] = [await node('dead', clock), await node('next', clock)];
  const lease = await dead.leases.acquire('migration');
  let asked = 0;
  const acquire = next.leases.acquire.bind(next.leases);
  const askedTwice = new Promise<void>((resolve) => {
    next.leases.acquire = (key) => {
      if (++asked === 3) resolve();
      return acquire(key);
    };
  });
  const migrating = migrate(next.connection, next.leases);
  await askedTwice;
  expect(Object.keys(await indexesOf(next.connection))).toEqual(['leases']);
  clock.advance(leaseMs);
  expect(await migrating).toContain('agents.emailLower_1');
  if (!lease) throw new Error('not acquired');
  expect(await dead.leases.renew(lease)).toBe(false);
});

test('who lost the lease stops, and goes on only when it has it again', async () => {
  const { connection, leases } = await node('a');
  const renew = leases.renew.bind(leases);
  let losses = 0;
  leases.renew = async (lease, forMs) => {
    if (losses++ !== 1) return renew(lease, forMs);
    await leases.release(lease);
    return false;
  };
  const acquired = jest.spyOn(leases, 'acquire');
  const made = await migrate(connection, leases);
  expect(acquired).toHaveBeenCalledTimes(2);
  expect(new Set(made).size).toBe(made.length);
  expect(await migrate(connection, leases)).toEqual([]);
});

test('an index that this version does not declare stays for the last one', async () => {
  const { connection, leases } = await node('a');
  await connection.collection('agents').createIndex({ retired: 1 });
  await migrate(connection, leases);
  const names = (await connection.collection('agents').listIndexes().toArray()).map(({ name }) => name);
  expect(names).toContain('retired_1');
});

test('the index by which the log of events lost its last number is dropped, and one of the same name is not', async () => {
  const { connection, leases } = await node('a');
  await connection.collection('events').createIndex({ at: 1 }, { expireAfterSeconds: 60 });
  await connection.collection('tickets').createIndex({ at: 1 }, { expireAfterSeconds: 60 });
  expect(await migrate(connection, leases)).toContain('events.eventId_1');
  const { events, tickets } = await indexesOf(connection);
  const names = (indexes: Document[]) => indexes.map(({ name }) => String(name));
  expect(names(events)).not.toContain('at_1');
  expect(names(tickets)).toContain('at_1');
  await connection.collection('events').createIndex({ at: 1 });
  await migrate(connection, leases);
  expect(names(await connection.collection('events').listIndexes().toArray())).toContain('at_1');
});

test('what `migrate` makes is all that a server needs: its start makes no index', async () => {
  const { connection, leases } = await node('a');
  await migrate(connection, leases);
  const before = await indexesOf(connection);
  const journey = await startJourney((config) => void (config.mongodbUrl = url));
  const after = await indexesOf(connection);
  await journey.stop();
  const grown = Object.keys(after).filter((name) => (after[name]?.length ?? 0) > (before[name]?.length ?? 1));
  expect(grown).toEqual([]);
}, 60_000);
