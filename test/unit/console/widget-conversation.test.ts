import {
  emptyConversation,
  openChoices,
  received,
  refused,
  stored,
  welcomed,
  writing,
  type Unsent,
} from '../../../agent-console/widget/conversation';
import { languageOf } from '../../../agent-console/widget/texts';

const at = '2026-10-12T02:00:00.000Z';
const unsent: Unsent = { clientMessageId: 'c1', body: { text: 'hi' }, shown: 'hi', state: 'sending' };
const mine = { id: 'm1', author: 'contact' as const, text: 'hi', clientMessageId: 'c1', at };
const theirs = { id: 'm2', author: 'bot' as const, text: 'hello', at };

test('what the visitor writes is shown at once and becomes a message when it is stored', () => {
  const state = stored(writing(emptyConversation, unsent), 'c1', 'm1', at);
  expect(state).toEqual({ messages: [mine], unsent: [] });
});

test('the echo and the acknowledgement in either order are one message', () => {
  const echoFirst = stored(received(writing(emptyConversation, unsent), mine), 'c1', 'm1', at);
  const ackFirst = received(stored(writing(emptyConversation, unsent), 'c1', 'm1', at), mine);
  expect(echoFirst.messages).toHaveLength(1);
  expect(ackFirst.messages).toHaveLength(1);
});

test('after a reload only what the server has not stored is still unsent', () => {
  const before = writing(writing(emptyConversation, unsent), { ...unsent, clientMessageId: 'c2' });
  expect(welcomed(before, [mine]).unsent.map((one) => one.clientMessageId)).toEqual(['c2']);
});

test('a refused message stays, and trying again does not double it', () => {
  const failed = refused(writing(emptyConversation, unsent), 'c1');
  expect(failed.unsent[0]?.state).toBe('failed');
  expect(writing(failed, unsent).unsent).toEqual([unsent]);
});

test('only the choices of the last message can be pressed', () => {
  const choices = { ...theirs, choices: [{ id: 'a', label: 'A' }] };
  const offered = received(emptyConversation, choices);
  expect(openChoices(offered)).toBe('m2');
  expect(openChoices(received(offered, { ...theirs, id: 'm3' }))).toBeNull();
  expect(openChoices(writing(offered, unsent))).toBeNull();
});

test.each([
  ['zh-Hant-HK', 'zh-TW'],
  ['zh', 'zh-CN'],
  ['de-DE', 'en'],
])('a browser in %s reads %s', (tag, language) => expect(languageOf(tag)).toBe(language));
