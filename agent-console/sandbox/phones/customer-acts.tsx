import { customerPhrases } from '../i18n/customer-phrases';
import { useWords } from '../i18n/use-words';
import type { WordKey } from '../i18n/zh-cn';
import { type Act, api } from '../state/api';
import { attempt } from '../state/live';
import type { Account, Customer } from '../state/types';
import { Button } from '../ui/button';
import { ButtonRow } from './button-row';

/** What else the customer can do on this platform. */
export function CustomerActs({ account, customer }: { account: Account; customer: Customer }) {
  const words = useWords();
  const acts = account.type === 'wechat' ? wechatActs(customer) : telegramActs(customer, words('editSuffix'));
  return (
    <ButtonRow label={words('customerDoes')}>
      <Button
        size="small"
        look="primary"
        onClick={() =>
          attempt(
            api.send(customer.id, { kind: 'text', text: customerPhrases[customer.language].wishForAPerson }),
          )
        }
      >
        {words('person')}
      </Button>
      {acts.map(([key, act]) => (
        <Button key={key} size="small" onClick={() => attempt(api.send(customer.id, act))}>
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
    ['voice', { kind: 'voice', transcript: customerPhrases[language].spoken }],
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
