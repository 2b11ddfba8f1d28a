import type { Connection } from 'mongoose';
import type { ReadyEvent, ServerEvent } from '../../../../src/contract/events';
import { maySee, type Viewer } from '../../../../src/domain/role';
import { EventLog } from '../../../../src/platform/events/event-log';
import type { PendingEvent } from '../../../../src/platform/events/pending';
import { EventFeed, type FeedMember } from '../../../../src/platform/realtime/event-feed';
import { closeStore, dropConnection, testConnection } from '../../../support/store';

let connection: Connection;
let log: EventLog;
let feed: EventFeed;
let written = 0;
let opened = 0;

beforeEach(async () => {
  connection = await testConnection((fresh) => {
    log = new EventLog(fresh);
  });
  feed = new EventFeed(log, () => new Date(0));
  await feed.start();
});
afterEach(() => dropConnection(connection));
afterAll(closeStore);

const append = (...audiences: Partial<PendingEvent>[]) =>
  log.append(
    audiences.map((audience) => ({
      id: `e${++written}`,
      type: 'agent:updated',
      at: new Date(written),
      data: {},
      teamId: null,
      agentIds: [],
      minimumRole: null,
      ...audience,
    })),
  );

class Console implements FeedMember {
  readonly heard: (ServerEvent | ReadyEvent)[] = [];
  constructor(
    readonly viewer: Viewer,
    readonly id = `socket ${++opened}`,
  ) {}
  send(event: ServerEvent | ReadyEvent): void {
    this.heard.push(event);
  }
  seqs = () => this.heard.map(({ seq }) => seq);
  /** Does every event name the one before it? */
  isWhole = () =>
    this.heard.every(({ seq, prev }, index) =>
      index === 0 ? seq === prev : prev === this.heard[index - 1]?.seq,
    );
}
const agent = (agentId: string, teamIds: string[] = []) => new Console({ agentId, role: 'agent', teamIds });

test('a console begins where its chain stands, and hears each event after it once', async () => {
  await append({}, { teamId: 'care' });
  await feed.catchUp();
  const li = agent('li');
  await feed.join(li);
  expect(li.heard[0]).toMatchObject({ type: 'ready', seq: 1, prev: 1 });
  await append({}, { teamId: 'care' }, {});
  await Promise.all([feed.catchUp(), feed.catchUp()]);
  await feed.catchUp();
  expect(li.seqs()).toEqual([1, 3, 5]);
  expect(li.isWhole()).toBe(true);
});

test('what was just written is told without reading it, once, and never past a gap', async () => {
  const li = agent('li');
  await feed.join(li);
  feed.follow(await append({}, {}));
  expect(li.seqs()).toEqual([0, 1, 2]);
  const unheard = await append({});
  feed.follow(await append({}));
  expect(li.seqs()).toEqual([0, 1, 2]);
  const reading = feed.catchUp(4);
  feed.follow(unheard);
  await reading;
  expect(li.seqs()).toEqual([0, 1, 2, 3, 4]);
  expect(li.isWhole()).toBe(true);
});

test('an event is given once for all consoles that see the same, and not for the others', async () => {
  const together: string[] = [];
  feed.sendTogether((members, { seq }) => {
    together.push(`${seq} to ${members.map(({ viewer }) => viewer.agentId).join(' and ')}`);
  });
  for (const one of [agent('li', ['care']), agent('han', ['care']), agent('mei')]) await feed.join(one);
  feed.follow(await append({ teamId: 'care' }, { teamId: 'sales' }));
  expect(together).toEqual(['1 to li and han']);
});

test('what is known already is not read again', async () => {
  feed.follow(await append({}, {}));
  const read = jest.spyOn(log, 'read');
  await feed.catchUp(2);
  expect(read).not.toHaveBeenCalled();
  await feed.catchUp(3);
  await feed.catchUp();
  expect(read).toHaveBeenCalledTimes(2);
});

test('each hears what their role and teams may see, in one whole chain of their own', async () => {
  const [li, han] = [agent('li', ['care']), agent('han')];
  const boss = new Console({ agentId: 'wang', role: 'supervisor', teamIds: [] });
  for (const one of [li, han, boss]) await feed.join(one);
  await append(
    { teamId: 'care' },
    {},
    { teamId: 'sales' },
    { minimumRole: 'supervisor' },
    { teamId: 'care' },
  );
  await feed.catchUp();
  expect([li.seqs(), han.seqs(), boss.seqs()]).toEqual([
    [0, 1, 2, 5],
    [0, 2],
    [0, 1, 2, 3, 4, 5],
  ]);
  for (const one of [li, han, boss]) expect(one.isWhole()).toBe(true);
});

test('who sees an event only as its owner goes on with a chain of their own, without a gap', async () => {
  const [li, han] = [agent('li'), agent('han')];
  for (const one of [li, han]) await feed.join(one);
  await append({}, { teamId: 'care', agentIds: ['li'] }, {});
  await feed.catchUp();
  await append({}, { teamId: 'care', agentIds: ['li'] });
  await feed.catchUp();
  expect([li.seqs(), han.seqs()]).toEqual([
    [0, 1, 2, 3, 4, 5],
    [0, 1, 3, 4],
  ]);
  for (const one of [li, han]) expect(one.isWhole()).toBe(true);
  const again = agent('li');
  await feed.join(again);
  expect(again.seqs()).toEqual([5]);
});

const owned = { teamId: 'care', agentIds: ['li'] };

test('two consoles of one owner that go on from the same chain each hear such an event once', async () => {
  const [li, tab] = [agent('li'), agent('li')];
  for (const one of [li, tab]) await feed.join(one);
  feed.follow(await append(owned, {}, owned));
  for (const one of [li, tab]) {
    expect(one.seqs()).toEqual([0, 1, 2, 3]);
    expect(one.isWhole()).toBe(true);
  }
});

test('a console that comes to where its owner has a chain already hears such an event once', async () => {
  const [li, han, tab] = [agent('li'), agent('han'), agent('li')];
  for (const one of [li, han]) await feed.join(one);
  feed.follow(await append(owned, {}));
  await feed.join(tab);
  feed.follow(await append(owned, {}, owned));
  expect([li.seqs(), han.seqs(), tab.seqs()]).toEqual([
    [0, 1, 2, 3, 4, 5],
    [0, 2, 4],
    [2, 3, 4, 5],
  ]);
  for (const one of [li, han, tab]) expect(one.isWhole()).toBe(true);
});

test('resuming from any cursor gives what was missed, and joins the chain', async () => {
  await append({}, { teamId: 'care' }, {}, {}, { teamId: 'care' });
  await feed.catchUp();
  const { viewer } = agent('li');
  for (let cursor = 0; cursor <= 5; cursor++) {
    const answer = await feed.resume(viewer, cursor);
    const expected = [1, 3, 4].filter((seq) => seq > cursor);
    if (!('events' in answer)) throw new Error('reset');
    expect(answer.events.map(({ seq }) => seq)).toEqual(expected);
    const before = [0, 1, 3, 4].filter((seq) => seq <= cursor).at(-1);
    if (expected.length > 0) expect(answer.events[0]?.prev).toBe(before);
  }
});

test('a cursor from the future, or older than what is kept, is answered with reset', async () => {
  await append({}, {}, {});
  await feed.catchUp();
  const { viewer } = agent('li');
  expect(await feed.resume(viewer, 99)).toEqual({ reset: true });
  await connection.collection('events').deleteMany({ _id: { $lte: 2 } as never });
  const restarted = new EventFeed(log, () => new Date(0));
  await restarted.start();
  expect(await restarted.resume(viewer, 0)).toEqual({ reset: true });
});

test('consoles that all come back at once are answered without the store, as it would answer', async () => {
  const late = new EventFeed(log, () => new Date(0));
  await append({}, { teamId: 'care' }, { agentIds: ['li'], teamId: 'sales' }, {});
  await feed.catchUp();
  await late.start();
  const viewers: Viewer[] = ['li', 'han'].flatMap((agentId) =>
    [['care'], []].map((teamIds) => ({ agentId, role: 'agent' as const, teamIds })),
  );
  const asked = jest.spyOn(EventLog.prototype, 'headFor');
  const read = jest.spyOn(EventLog.prototype, 'readFor');
  for (const viewer of viewers) {
    await feed.join(new Console(viewer));
    const missed = await feed.resume(viewer, 1);
    expect(await late.resume(viewer, 1)).toEqual(missed);
    const seqs = 'events' in missed ? missed.events.map(({ seq }) => seq) : [];
    expect(seqs).toEqual(
      (await new EventLog(connection).read(1, 10))
        .filter((event) => maySee(viewer, event as never))
        .map(({ _id }) => _id),
    );
  }
  expect([asked.mock.calls, read.mock.calls]).toEqual([[], []]);
  jest.restoreAllMocks();
});

test('two nodes tail the same log and tell the same', async () => {
  const other = new EventFeed(log, () => new Date(0));
  await other.start();
  const [here, there] = [agent('li'), agent('li')];
  await feed.join(here);
  await other.join(there);
  for (let round = 0; round < 5; round++) {
    await append({}, { teamId: 'care' }, { agentIds: ['li'], teamId: 'care' });
    await Promise.all([feed.catchUp(), other.catchUp()]);
  }
  expect(there.seqs()).toEqual(here.seqs());
  expect([here.isWhole(), there.isWhole()]).toEqual([true, true]);
});
