import {
  pickAgent,
  urgencyOf,
  type Candidate,
  type Urgency,
  type Waiting,
} from '../../../src/domain/routing';

const candidate = (id: string, change: Partial<Candidate> = {}): Candidate => ({
  id,
  status: 'online',
  skills: [],
  languages: [],
  teamIds: [],
  capacity: 3,
  load: 0,
  lastAssignedAt: null,
  ...change,
});
const waiting = (change: Partial<Waiting> = {}): Waiting => ({
  teamId: null,
  skills: [],
  language: null,
  waitedMs: 0,
  missedBy: [],
  ...change,
});
const pick = (wanted: Partial<Waiting>, ...candidates: Candidate[]) =>
  pickAgent(waiting(wanted), candidates)?.id ?? null;
const at = (text: string) => new Date(`2026-10-12T${text}:00Z`);

test.each<[string, Candidate]>([
  ['offline', candidate('li', { status: 'offline' })],
  ['busy', candidate('li', { status: 'busy' })],
  ['away', candidate('li', { status: 'away' })],
  ['full', candidate('li', { load: 3 })],
  ['of another team', candidate('li', { teamIds: ['sales'] })],
  ['of another language', candidate('li', { languages: ['en'], teamIds: ['aftersales'] })],
])('nobody gets it while the only agent is %s', (_name, agent) => {
  expect(pick({ teamId: 'aftersales', language: 'zh-CN' }, agent)).toBeNull();
});

test.each([
  ['zh-TW', ['zh'], 'li'],
  ['zh', ['zh-CN'], 'li'],
  ['zh-CN', ['zh-CN'], 'li'],
  ['zh-CN', [], 'li'],
  ['en', ['zh', 'fr'], null],
])('a contact who writes %s and an agent who speaks %j: %s', (language, languages, id) => {
  expect(pick({ language }, candidate('li', { languages }))).toBe(id);
});

test('the one with the fewest open gets it', () => {
  expect(pick({}, candidate('li', { load: 2 }), candidate('han', { load: 1 }))).toBe('han');
});

test('of equals the one who has been idle longest', () => {
  const li = candidate('li', { lastAssignedAt: at('09:00') });
  const han = candidate('han', { lastAssignedAt: at('08:00') });
  const newcomer = candidate('newcomer');
  expect(pick({}, li, han)).toBe('han');
  expect(pick({}, li, han, newcomer)).toBe('newcomer');
});

test('all skills are waited for a minute; then anyone able will do', () => {
  const unskilled = candidate('li', { skills: ['refund'] });
  const wanted = { skills: ['refund', 'jewellery'] };
  expect(pick({ ...wanted, waitedMs: 59_000 }, unskilled)).toBeNull();
  expect(pick({ ...wanted, waitedMs: 60_000 }, unskilled)).toBe('li');
  const skilled = candidate('han', { skills: ['refund', 'jewellery'], load: 2 });
  expect(pick({ ...wanted, waitedMs: 60_000 }, unskilled, skilled)).toBe('han');
});

test('who let it pass is asked again only after all the others did', () => {
  const [li, han] = [candidate('li'), candidate('han', { load: 2 })];
  expect(pick({ missedBy: ['li'] }, li, han)).toBe('han');
  expect(pick({ missedBy: ['li', 'han'] }, li, han)).toBe('li');
});

const urgency = (change: Partial<Urgency>) =>
  urgencyOf(
    { priority: 'normal', queuedAt: at('09:00'), dueAt: null, windowClosesAt: null, ...change },
    at('10:00'),
  );

test.each<[string, Partial<Urgency>, Partial<Urgency>]>([
  ['the longer wait', { queuedAt: at('08:00') }, {}],
  ['the higher priority', { priority: 'high' }, {}],
  ['an urgent one before one that waits an hour longer', { priority: 'urgent' }, { queuedAt: at('08:00') }],
  ['a near deadline', { dueAt: at('10:05') }, { dueAt: at('10:50') }],
  ['a reply window about to shut', { windowClosesAt: at('10:10') }, {}],
  ['a long wait before a priority', { queuedAt: at('07:00') }, { priority: 'high' }],
])('more urgent: %s', (_name, more, less) => {
  expect(urgency(more)).toBeGreaterThan(urgency(less));
});

test('a deadline that has long passed does not push all others back for ever', () => {
  expect(urgency({ dueAt: at('01:00') })).toBe(urgency({ dueAt: at('10:00') }));
});
