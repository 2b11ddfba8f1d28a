import { handoverNotice, type NoticeFacts } from '../../../src/domain/handover-notice';

const notice = (change: Partial<NoticeFacts>) =>
  handoverNotice({
    language: 'en',
    position: 1,
    isOpenNow: true,
    nextOpening: null,
    timeZone: 'Asia/Shanghai',
    ...change,
  });
const opening = new Date('2026-10-12T01:00:00Z');

test.each([
  ['zh-CN', '您是下一位'],
  ['zh-TW', '您是下一位。您可以先留言，客服會'],
  ['zh-HK', '真人客服'],
  ['en', 'you are next in line'],
  ['fr', 'you are next in line'],
  [null, '正在为您转接人工客服'],
])('in %s the contact hears that a person comes', (language, text) => {
  expect(notice({ language })).toContain(text);
});

test.each([
  ['en', 2, 'there is 1 person before you'],
  ['en', 4, 'there are 3 people before you'],
  ['zh-CN', 4, '前面还有 3 位'],
  ['zh-TW', 4, '前面還有 3 位'],
])('in %s at place %i: %s', (language, position, text) => {
  expect(notice({ language, position })).toContain(text);
});

test.each([
  ['en', 'we are back on Oct 12, 09:00'],
  ['zh-CN', '将于 10月12日 09:00 上线'],
  ['zh-TW', '將於 10月12日 09:00 上線'],
  ['zh_CN', '09:00'],
])('outside hours, in %s, the next opening is told in the local time of the desk', (language, text) => {
  expect(notice({ language, isOpenNow: false, nextOpening: opening })).toContain(text);
});

test('a desk that never opens promises no time', () => {
  expect(notice({ isOpenNow: false })).toContain('Our team is not at work right now. Leave a message');
});
