import { useWords } from '../i18n/use-words';
import type { WordKey } from '../i18n/zh-cn';
import { type Act, api } from '../state/api';
import type { Account, Customer } from '../state/types';
import { Button } from '../ui/button';
import { ButtonRow } from './button-row';

const wishes = { 'zh-CN': '转人工', 'zh-TW': '轉人工', en: 'I want to talk to a human' };
const transcripts = {
  'zh-CN': '我想问一下退款',
  'zh-TW': '我想問一下退款',
  en: 'I have a question about my refund',
};

/** What else the customer can do on this platform. */
export function CustomerActs({ account, customer }: { account: Account; customer: Customer }) {
  const words = useWords();
  const acts = account.type === 'wechat' ? wechatActs(customer) : telegramActs(customer, words('editSuffix'));
  return (
    <ButtonRow label={words('customerDoes')}>
      <Button
        size="small"
        look="primary"
        onClick={() => void api.send(customer.id, { kind: 'text', text: wishes[customer.language] })}
      >
        {words('person')}
      </Button>
      {acts.map(([key, act]) => (
        <Button key={key} size="small" onClick={() => void api.send(customer.id, act).catch(() => undefined)}>
          {words(key)}
        </Button>
      ))}
    </ButtonRow>
  );
}

type NamedAct = [label: WordKey, act: Act];

function wechatActs({ isGone, language }: Customer): NamedAct[] {
  return [
    ['image', { kind: 'image' }],
    ['voice', { kind: 'voice', transcript: transcripts[language] }],
    ['location', { kind: 'location' }],
    isGone ? ['subscribe', { kind: 'subscribe' }] : ['unsubscribe', { kind: 'unsubscribe' }],
  ];
}

function telegramActs({ isGone, messages }: Customer, editSuffix: string): NamedAct[] {
  const lastText = messages.findLast(({ from, kind }) => from === 'customer' && kind === 'text');
  const edit: NamedAct[] = lastText
    ? [['edit', { kind: 'edit', text: `${lastText.text}${editSuffix}` }]]
    : [];
  return [
    ['start', { kind: 'start' }],
    ['image', { kind: 'image' }],
    ['voice', { kind: 'voice' }],
    ['document', { kind: 'document' }],
    ['location', { kind: 'location' }],
    ...edit,
    isGone ? ['unblock', { kind: 'unblock' }] : ['block', { kind: 'block' }],
  ];
}
