import { castOf } from '../../../../src/sandbox/phones/cast';
import type { PhoneMessage } from '../../../../src/sandbox/phones/phone-message';
import type { SeenConversation } from '../../../../src/sandbox/tour/desk-client';
import { stepsSeen } from '../../../../src/sandbox/tour/tour';
import { wechatAccount } from '../parley-stand-in';

const at = '2026-10-08T03:00:00.000Z';
const message = (from: PhoneMessage['from'], text: string): PhoneMessage => {
  return { id: text, platformId: text, at, from, kind: 'text', text };
};
const phoneWith = (...messages: PhoneMessage[]) => ({ ...castOf(wechatAccount)[0]!, messages });
const conversation = (changes: Partial<SeenConversation>): SeenConversation => ({
  accountId: 'wx',
  status: 'bot',
  assignee: null,
  lastMessage: null,
  updatedAt: at,
  queuedAt: null,
  ...changes,
});
const agentSays = (text: string, accountId = 'wx') =>
  conversation({
    accountId,
    status: 'open',
    assignee: { id: 'ag_1' },
    queuedAt: at,
    lastMessage: { text, author: 'agent' },
  });

describe("the tour's steps", () => {
  it.each([
    ['nothing', [], [], []],
    ['a question without an answer', [message('customer', '在吗')], [], []],
    [
      'words that came before any question',
      [message('account', '欢迎'), message('customer', '在吗')],
      [],
      [],
    ],
    ['a question and its answer', [message('customer', '在吗'), message('account', '在')], [], ['answered']],
    ['somebody in the queue', [], [conversation({ status: 'queued', queuedAt: at })], ['queued']],
    ['an agent whose reply is not on the phone yet', [], [agentSays('您好')], ['queued', 'taken']],
    [
      "an agent's reply that arrived",
      [message('customer', '转人工'), message('account', '您好')],
      [agentSays('您好')],
      ['answered', 'queued', 'taken', 'replied'],
    ],
    ["an agent's reply in web chat", [], [agentSays('您好', 'web')], ['queued', 'taken', 'replied']],
    ['a conversation closed by the bot', [], [conversation({ status: 'closed' })], []],
    [
      'a conversation closed by its agent',
      [],
      [conversation({ status: 'closed', assignee: { id: 'ag_1' }, queuedAt: at })],
      ['queued', 'taken', 'resolved'],
    ],
  ])('are proved by %s', (_what, messages, conversations, steps) => {
    expect(stepsSeen({ customers: [phoneWith(...messages)], conversations })).toEqual(steps);
  });
});
