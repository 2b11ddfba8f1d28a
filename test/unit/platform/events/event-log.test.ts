import { Schema, type Connection, type Model } from 'mongoose';
import type { Viewer } from '../../../../src/domain/role';
import { inProcessCoordination } from '../../../../src/platform/coordination/in-process';
import { EventLog, keptMs } from '../../../../src/platform/events/event-log';
import {
  indexPendingEvents,
  pendingEventsFields,
  pushEvents,
  type EventCarrier,
  type PendingEvent,
} from '../../../../src/platform/events/pending';
import { Relay, sweepEveryMs } from '../../../../src/platform/events/relay';
import { ManualClock } from '../../../support/manual-clock';
import { closeStore, dropConnection, testConnection } from '../../../support/store';

type Thing = EventCarrier & { _id: string };

let connection: Connection;
let log: EventLog;
let things: Model<Thing>;
let others: Model<Thing>;

beforeEach(async () => {
  connection = await testConnection((fresh) => {
    log = new EventLog(fresh);
    const schema = new Schema<Thing>({ _id: String, ...pendingEventsFields } as never);
    indexPendingEvents(schema);
    things = fresh.model<Thing>('Thing', schema, 'things');
    others = fresh.model<Thing>('Other', schema, 'others');
  });
});
afterEach(() => dropConnection(connection));
afterAll(closeStore);

const start = Date.parse('2026-10-12T02:00:00Z');
const event = (id: string, more: Partial<PendingEvent> = {}): PendingEvent => ({
  id,
  type: 'agent:updated',
  at: new Date(start),
  data: { id },
  teamId: null,
  agentIds: [],
  minimumRole: null,
  ...more,
});
const ids = async () => (await log.read(0, 1_000)).map(({ eventId }) => eventId);
const numbers = async () => (await log.read(0, 1_000)).map(({ _id }) => _id);

const agent = (more: Partial<Viewer> = {}): Viewer => ({
  agentId: 'li',
  role: 'agent',
  teamIds: [],
  ...more,
});

describe('the log', () => {
  test('numbers are consecutive, and the same event again adds nothing', async () => {
    await log.append([event('a'), event('b')]);
    await log.append([event('b'), event('c'), event('c')]);
    expect(await ids()).toEqual(['a', 'b', 'c']);
    expect(await numbers()).toEqual([1, 2, 3]);
    expect(await log.head()).toBe(3);
  });

  test('nothing to append asks the database nothing', async () => {
    const asked: string[] = [];
    connection.set('debug', (_collection: string, method: string) => void asked.push(method));
    await log.append([]);
    expect(asked).toEqual([]);
    await log.append([event('a')]);
    connection.set('debug', false);
    expect(asked).toContain('insertMany');
  });

  test('twelve writers at once leave no gap, no double and nothing out', async () => {
    const batches = Array.from({ length: 12 }, (_, writer) =>
      Array.from({ length: 5 }, (_unused, i) => event(`${writer}-${i}`)),
    );
    await Promise.all(batches.map((batch) => log.append(batch)));
    expect(await numbers()).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(new Set(await ids())).toEqual(new Set(batches.flat().map(({ id }) => id)));
  });

  test('the numbers go on after everything in it has expired', async () => {
    await log.append([event('a'), event('b')]);
    await log.forgetOld(new Date(start + 2 * keptMs));
    expect(await ids()).toEqual(['b']);
    await log.append([event('c')]);
    await new EventLog(connection).append([event('d')]);
    expect(await numbers()).toEqual([2, 3, 4]);
  });

  test('nothing in it ends by itself', async () => {
    const indexes = await connection.collection('events').listIndexes().toArray();
    expect(indexes.filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined)).toEqual([]);
  });

  test('only its beginning is forgotten, so that what came late leaves no gap', async () => {
    await log.forgetOld(new Date(start));
    const at = new Date(start + 1);
    await log.append([event('old'), event('kept', { at }), event('late'), event('last', { at })]);
    await log.forgetOld(new Date(start + keptMs - 1));
    expect(await ids()).toEqual(['old', 'kept', 'late', 'last']);
    await log.forgetOld(new Date(start + keptMs));
    expect(await ids()).toEqual(['kept', 'late', 'last']);
  });

  test('a process that wrote to it long ago takes no number of what another one wrote and was forgotten', async () => {
    const other = new EventLog(connection);
    await log.append([event('a')]);
    await other.append([event('b'), event('c')]);
    await other.forgetOld(new Date(start + keptMs));
    await log.append([event('d', { at: new Date(start + keptMs) })]);
    expect(await ids()).toEqual(['c', 'd']);
    expect(await numbers()).toEqual([3, 4]);
  });

  test('what is appended while old events are forgotten stays', async () => {
    await log.append([event('a'), event('b')]);
    const head = log.head.bind(log);
    log.head = async () => {
      const last = await head();
      log.head = head;
      await log.append([event('c'), event('d')]);
      return last;
    };
    await log.forgetOld(new Date(start + 2 * keptMs));
    expect(await ids()).toEqual(['b', 'c', 'd']);
  });

  test.each<[string, Viewer, string[]]>([
    [
      'an agent sees what is for all, for own teams and for them',
      agent({ teamIds: ['sales'] }),
      ['all', 'sales', 'li'],
    ],
    ['another agent does not', agent({ agentId: 'han' }), ['all']],
    ['a supervisor sees every team', agent({ role: 'supervisor' }), ['all', 'sales', 'care', 'li', 'boss']],
  ])('%s', async (_title, viewer, expected) => {
    await log.append([
      event('all'),
      event('sales', { teamId: 'sales' }),
      event('care', { teamId: 'care' }),
      event('li', { teamId: 'care', agentIds: ['li'] }),
      event('boss', { minimumRole: 'supervisor' }),
    ]);
    expect((await log.readFor(viewer, 0, 10)).map(({ eventId }) => eventId)).toEqual(expected);
    const last = (await log.readFor(viewer, 0, 10)).at(-1)?._id;
    expect(await log.headFor(viewer, 5)).toBe(last);
  });
});

describe('the relay', () => {
  const relay = (clock = new ManualClock(), signals = inProcessCoordination().signals) => {
    const made = new Relay(log, signals, clock);
    made.carry(things);
    made.carry(others);
    let told = 0;
    signals.on('events', () => void told++);
    return { run: () => made.run(), told: () => told };
  };
  const change = (_id: string, events: PendingEvent[]) =>
    things.updateOne({ _id }, pushEvents(events, new Date(start)) as never, { upsert: true });
  const waiting = () => things.countDocuments({ 'pendingEvents.0': { $exists: true } });

  test('moves what waits into the log, oldest first, takes it out and wakes the feeds', async () => {
    await change('t1', [event('late', { at: new Date(start + 5) })]);
    await change('t2', [event('early')]);
    const one = relay();
    await one.run();
    expect(await ids()).toEqual(['early', 'late']);
    expect(await waiting()).toBe(0);
    expect(one.told()).toBe(1);
    await one.run();
    await one.run();
    expect(await things.countDocuments({ relayAt: { $type: 'date' } })).toBe(0);
    expect(one.told()).toBe(1);
  });

  test('reads the collection that was told of, and all of them once a second', async () => {
    const [clock, { signals }] = [new ManualClock(), inProcessCoordination()];
    const one = relay(clock, signals);
    await one.run();
    await change('t1', [event('told')]);
    await others.updateOne({ _id: 'o1' }, pushEvents([event('untold')], new Date(start)) as never, {
      upsert: true,
    });
    signals.send('relay', 'things');
    await one.run();
    expect(await ids()).toEqual(['told']);
    clock.advance(sweepEveryMs);
    signals.send('relay', 'things');
    await one.run();
    expect(await ids()).toEqual(['told', 'untold']);
  });

  test('stopped between the log and the documents, the next one adds nothing twice', async () => {
    await change('t1', [event('a'), event('b')]);
    await log.append([event('a'), event('b')]);
    await relay().run();
    expect(await ids()).toEqual(['a', 'b']);
    expect(await waiting()).toBe(0);
  });

  test('an event that comes while it moves others is not lost', async () => {
    await change('t1', [event('a')]);
    const append = log.append.bind(log);
    log.append = async (events) => {
      log.append = append;
      await change('t1', [event('b')]);
      return append(events);
    };
    const one = relay();
    await one.run();
    await one.run();
    expect(await ids()).toEqual(['a', 'b']);
  });

  test('two relays at once (a holder paused past its lease) keep the log whole', async () => {
    for (let i = 0; i < 40; i++) await change(`t${i}`, [event(`e${i}`)]);
    await Promise.all([relay().run(), relay().run(), relay().run()]);
    expect(await numbers()).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(new Set(await ids()).size).toBe(40);
  });
});
