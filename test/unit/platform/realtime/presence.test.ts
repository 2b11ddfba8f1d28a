import type { Connection } from 'mongoose';
import { DeadlineTime, doubtMs } from '../../../../src/platform/deadline-time';
import { silentLogger } from '../../../../src/platform/log';
import { graceMs, Presence } from '../../../../src/platform/realtime/presence';
import { ManualClock } from '../../../support/manual-clock';
import { closeStore, dropConnection, testConnection } from '../../../support/store';

let connection: Connection;
let clock: ManualClock;
let [here, there]: Presence[] = [];

beforeEach(async () => {
  connection = await testConnection();
  clock = new ManualClock();
  here = new Presence(connection, clock);
  there = new Presence(connection, clock);
});
afterEach(() => dropConnection(connection));
afterAll(closeStore);

async function lostTo(presence: Presence | undefined): Promise<string[]> {
  const lost: string[] = [];
  await presence?.sweep(async (agentId) => void lost.push(agentId));
  return lost.sort();
}

test('who has not been seen for the whole grace is lost once, whichever node looks', async () => {
  await here?.seen(['li', 'han', 'li']);
  clock.advance(graceMs - 1);
  expect(await lostTo(there)).toEqual([]);
  await there?.seen(['han']);
  clock.advance(1);
  expect(await lostTo(there)).toEqual(['li']);
  expect(await lostTo(here)).toEqual([]);
});

test('whose console is open on any node stays', async () => {
  await here?.seen(['li']);
  for (let minutes = 0; minutes < 10; minutes++) {
    clock.advance(60_000);
    await there?.seen(['li']);
    expect(await lostTo(here)).toEqual([]);
  }
});

test('who comes back while others are released keeps what is theirs', async () => {
  await here?.seen(['li', 'han']);
  clock.advance(graceMs);
  const lost: string[] = [];
  await here?.sweep(async (agentId) => {
    lost.push(agentId);
    await there?.seen(['li', 'han'].filter((other) => !lost.includes(other)));
  });
  expect(lost).toHaveLength(1);
});

test('when the release fails it is tried again', async () => {
  await here?.seen(['li']);
  clock.advance(graceMs);
  const failing = here?.sweep(() => Promise.reject(new Error('the store was away')));
  await expect(failing).rejects.toThrow('away');
  expect(await lostTo(there)).toEqual(['li']);
});

test('whose console stays open is not lost when the wall clock leaps, by the time that deadlines are judged by', async () => {
  const deadlines = new DeadlineTime({ clock, log: silentLogger });
  await here?.seen(['li']);
  clock.jump(60 * 60_000);
  const lost: string[] = [];
  await here?.sweep(async (agentId) => void lost.push(agentId), deadlines.now());
  await here?.seen(['li']);
  clock.advance(doubtMs);
  await here?.seen(['li']);
  await here?.sweep(async (agentId) => void lost.push(agentId), deadlines.now());
  expect(lost).toEqual([]);
});
