import { DeadlineTime, doubtMs } from '../../../src/platform/deadline-time';
import { silentLogger } from '../../../src/platform/log';
import { ManualClock } from '../../support/manual-clock';

const hour = 3_600_000;
let clock: ManualClock;
let deadlines: DeadlineTime;
let start: number;
beforeEach(() => {
  clock = new ManualClock();
  deadlines = new DeadlineTime({ clock, log: silentLogger });
  start = clock.now().getTime();
});
const passed = () => deadlines.now().getTime() - start;

test('time that passes counts at once, also many hours between two looks, as when the machine slept', () => {
  clock.advance(1_000);
  expect(passed()).toBe(1_000);
  clock.advance(8 * hour);
  expect(passed()).toBe(8 * hour + 1_000);
});

test('a leap ahead does not count while it is new, and time goes on meanwhile', () => {
  clock.jump(hour);
  expect(passed()).toBe(0);
  clock.advance(60_000);
  expect(passed()).toBe(60_000);
});

test('a leap that is taken back has never been', () => {
  clock.jump(hour);
  expect(passed()).toBe(0);
  clock.advance(60_000);
  clock.jump(-hour);
  expect(passed()).toBe(60_000);
  clock.jump(hour);
  expect(passed()).toBe(60_000);
});

test('a leap that stands for a quarter of an hour is believed', () => {
  clock.jump(hour);
  deadlines.now();
  clock.advance(doubtMs - 1);
  expect(passed()).toBe(doubtMs - 1);
  clock.advance(1);
  expect(passed()).toBe(hour + doubtMs);
});

test('a clock set back is believed at once, and so are steps and drift that make nothing of note fall due', () => {
  clock.jump(-hour);
  expect(passed()).toBe(-hour);
  clock.jump(5_000);
  expect(passed()).toBe(5_000 - hour);
  clock.advance(10 * hour);
  clock.jump(30_000);
  expect(passed()).toBe(9 * hour + 35_000);
});
