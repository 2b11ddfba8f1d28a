import { textOf, wordsOf, type Content } from '../../../src/domain/content';
import { retryDelayMs } from '../../../src/domain/delivery';
import { laterDelivery } from '../../../src/domain/message';
import { isWindowOpen, reopenWindow } from '../../../src/domain/reply-window';
import { maySee, type Viewer } from '../../../src/domain/role';

const media = { fileId: 'f1', name: 'cat.png', mimeType: 'image/png', sizeBytes: 3 };
test.each<[Content, string]>([
  [{ type: 'text', text: '你好' }, '你好'],
  [{ type: 'image', media }, '[image] cat.png'],
  [{ type: 'image', media, caption: 'my cat' }, 'my cat'],
  [{ type: 'voice', media: { ...media, transcript: '在吗' } }, '在吗'],
  [{ type: 'location', latitude: 1, longitude: 2 }, '[location] 1, 2'],
  [{ type: 'unsupported', platformType: 'sticker' }, '[sticker]'],
])('a list shows %j as %s', (content, text) => expect(textOf(content)).toBe(text));

test.each<[Content, string]>([
  [{ type: 'text', text: '你好' }, '你好'],
  [{ type: 'image', media }, ''],
  [{ type: 'image', media, caption: '我的猫' }, '我的猫'],
  [{ type: 'voice', media: { ...media, transcript: '在吗' } }, '在吗'],
  [{ type: 'location', latitude: 1, longitude: 2 }, ''],
  [{ type: 'unsupported', platformType: 'sticker' }, ''],
])('of %j the language is told by %j', (content, words) => expect(wordsOf(content)).toBe(words));

test.each([
  ['pending', 'sent', 'sent'],
  ['read', 'delivered', 'read'],
  ['unknown', 'sent', 'sent'],
  ['sent', 'unknown', 'sent'],
  ['sent', 'failed', 'sent'],
] as const)('a tick at %s that hears %s is %s', (current, next, then) => {
  expect(laterDelivery(current, next)).toBe(then);
});

test('retries wait longer each time, never beyond five minutes, never before Retry-After', () => {
  expect(retryDelayMs(1, null, 0)).toBe(500);
  expect(retryDelayMs(3, null, 0.999)).toBeLessThanOrEqual(4_000);
  expect(retryDelayMs(30, null, 0.999)).toBeLessThanOrEqual(300_000);
  expect(retryDelayMs(1, 7_000, 0)).toBe(7_000);
});

const at = (iso: string) => new Date(iso);
const day = { openMs: 48 * 3_600_000, messages: 5 };
const minute = { openMs: 60_000, messages: 3 };

test('a message opens the window anew; a click does not shorten one that is open longer', () => {
  const opened = reopenWindow(null, day, at('2026-10-01T00:00:00Z'));
  expect(opened).toMatchObject({ closesAt: at('2026-10-03T00:00:00Z'), left: 5 });
  expect(reopenWindow(opened, minute, at('2026-10-01T01:00:00Z'))).toEqual(opened);
  expect(reopenWindow(opened, day, at('2026-10-01T01:00:00Z'))).toMatchObject({
    closesAt: at('2026-10-03T01:00:00Z'),
    left: 5,
  });
});

test('a window closes by time and by quota', () => {
  const now = at('2026-10-01T00:00:00Z');
  expect(isWindowOpen({ closesAt: at('2026-10-01T00:00:01Z'), left: 1 }, now)).toBe(true);
  expect(isWindowOpen({ closesAt: at('2026-10-01T00:00:01Z'), left: 0 }, now)).toBe(false);
  expect(isWindowOpen({ closesAt: now, left: null }, now)).toBe(false);
});

const agent: Viewer = { agentId: 'a1', role: 'agent', teamIds: ['sales'] };
test.each([
  ['of an own team', { teamId: 'sales', agentIds: [] }, true],
  ['of no team', { teamId: null, agentIds: [] }, true],
  ['of another team', { teamId: 'care', agentIds: [] }, false],
  ['of another team but their own', { teamId: 'care', agentIds: ['a1'] }, true],
  ['for supervisors', { teamId: null, agentIds: [], minimumRole: 'supervisor' as const }, false],
])('an agent and what is %s', (_what, audience, seen) => {
  expect(maySee(agent, audience)).toBe(seen);
  expect(maySee({ ...agent, role: 'supervisor' }, audience)).toBe(true);
});
