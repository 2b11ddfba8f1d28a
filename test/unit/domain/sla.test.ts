import type { Hours } from '../../../src/domain/business-hours';
import {
  deadline,
  matchPolicy,
  minutesFor,
  nextAlarm,
  resumeDeadline,
  type Policy,
} from '../../../src/domain/sla';

const at = (text: string) => new Date(text);
const policy = (name: string, when: Policy['when'] = {}): Policy => ({
  name,
  when,
  firstResponseMinutes: 10,
  nextResponseMinutes: 30,
  resolutionMinutes: 60,
  calendar: 'hours',
});
const policies = [
  policy('vip', { tags: ['vip', 'press'] }),
  policy('urgent on WeChat', { channels: ['wechat'], priorities: ['urgent'] }),
  policy('standard'),
  policy('never reached'),
];

test.each([
  ['telegram', 'normal', [], 'standard'],
  ['wechat', 'normal', [], 'standard'],
  ['wechat', 'urgent', [], 'urgent on WeChat'],
  ['telegram', 'urgent', [], 'standard'],
  ['wechat', 'urgent', ['press'], 'vip'],
])('%s, %s, %j: the first policy whose every condition holds', (channel, priority, tags, name) => {
  expect(matchPolicy(policies, { channel, priority, tags })?.name).toBe(name);
});

test('without a policy that holds nothing is promised', () => {
  expect(
    matchPolicy(policies.slice(0, 1), { channel: 'webchat', priority: 'normal', tags: ['new'] }),
  ).toBeNull();
});

test('each metric has its own target', () => {
  const own = policy('own');
  expect([
    minutesFor(own, 'first_response'),
    minutesFor(own, 'next_response'),
    minutesFor(own, 'resolution'),
  ]).toEqual([10, 30, 60]);
});

const from = at('2026-10-12T01:00:00Z');
const due = deadline(null, from, 60);

test('alarms ring at three quarters, at nine tenths, and at the end', () => {
  const rung = [0, 1, 2, 3].map((told) => nextAlarm(due, told));
  expect(rung).toEqual([
    { alarm: 'warning', at: at('2026-10-12T01:45:00Z') },
    { alarm: 'last_call', at: at('2026-10-12T01:54:00Z') },
    { alarm: 'breach', at: at('2026-10-12T02:00:00Z') },
    null,
  ]);
});

test('a pause moves the deadline by its own length', () => {
  const later = resumeDeadline(null, due, at('2026-10-12T01:30:00Z'), at('2026-10-12T05:30:00Z'));
  expect(later.dueAt).toEqual(at('2026-10-12T06:00:00Z'));
  expect(later.warnAt).toEqual(at('2026-10-12T05:45:00Z'));
});

test('a pause over the night costs only the open time in it', () => {
  const hours: Hours = { timeZone: 'UTC', week: {}, holidays: [], workdays: [] };
  for (const day of ['mon', 'tue'] as const) hours.week[day] = [['09:00', '17:00']];
  const before = deadline(hours, at('2026-10-12T16:00:00Z'), 120);
  expect(before.dueAt).toEqual(at('2026-10-13T10:00:00Z'));
  // Half an hour was used; 90 minutes are left when it goes on.
  const later = resumeDeadline(hours, before, at('2026-10-12T16:30:00Z'), at('2026-10-13T09:30:00Z'));
  expect(later.dueAt).toEqual(at('2026-10-13T11:00:00Z'));
});
