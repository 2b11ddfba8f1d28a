import { Check, CircleAlert, Clock3 } from 'lucide-react';
import { type Translate, useWords } from '../i18n/use-words';
import { api } from '../state/api';
import { attempt } from '../state/live';
import type { Account, Customer, PhoneMessage } from '../state/types';
import { Avatar } from './chat-header';
import { MessageBody } from './message-body';

const PAUSE_MS = 5 * 60_000;

interface Props {
  message: PhoneMessage;
  before: PhoneMessage | undefined;
  account: Account;
  customer: Customer;
}

/** One message with its time, its sender's picture and, of the customer's own, whether it got through. */
export function ChatLine({ message, before, account, customer }: Props) {
  const words = useWords();
  const isPause = !before || Date.parse(message.at) - Date.parse(before.at) > PAUSE_MS;
  const time = isPause && (
    <time dateTime={message.at} className="self-center text-[11px] text-(--faint)">
      {clock(message.at)}
    </time>
  );
  if (message.from === 'notice' || message.kind === 'event')
    return (
      <>
        {time}
        <p className="arrives self-center rounded-full bg-black/8 px-3 py-1 text-center text-[11px] dark:bg-white/10">
          {noticeText(message, words)}
        </p>
      </>
    );
  const isMine = message.from === 'customer';
  const shape = account.type === 'telegram' ? 'rounded-2xl' : 'rounded-md';
  const colours = isMine ? 'bg-(--mine) text-(--mine-ink)' : 'bg-(--theirs)';
  return (
    <>
      {time}
      <div className={`arrives flex items-start gap-2 ${isMine ? 'flex-row-reverse' : ''}`}>
        {account.type === 'wechat' && (
          <Avatar
            name={isMine ? customer.name : account.name}
            className={isMine ? 'rounded-md' : 'rounded-md [--avatar:var(--account)]'}
          />
        )}
        <div className={`flex max-w-[78%] min-w-0 flex-col gap-1 ${isMine ? 'items-end' : 'items-start'}`}>
          <div
            className={`max-w-full overflow-hidden px-2.5 py-1.5 text-[13px] leading-relaxed ${shape} ${colours}`}
          >
            <MessageBody message={message} />
            {message.isEdited && <span className="ml-1.5 text-[11px] opacity-80">{words('edited')}</span>}
          </div>
          <Buttons message={message} customer={customer} />
        </div>
        {isMine && message.delivery && <DeliveryMark state={message.delivery} />}
      </div>
    </>
  );
}

function Buttons({ message, customer }: { message: PhoneMessage; customer: Customer }) {
  const look =
    'rounded-lg bg-(--theirs) px-3 py-1.5 text-left text-xs font-medium text-(--chat-ink) ring-1 ring-black/10 hover:brightness-95 dark:ring-white/15';
  return message.buttons?.map(({ label, data, url }) =>
    data ? (
      <button
        key={label}
        type="button"
        className={look}
        onClick={() => attempt(api.press(customer.id, data))}
      >
        {label}
      </button>
    ) : (
      <span key={label} className={look} title={url}>
        {label} ↗
      </span>
    ),
  );
}

function DeliveryMark({ state }: { state: NonNullable<PhoneMessage['delivery']> }) {
  const words = useWords();
  const marks = {
    sending: <Clock3 className="size-3 text-(--faint)" aria-label={words('sending')} />,
    delivered: <Check className="size-3 text-(--faint)" aria-label={words('delivered')} />,
    refused: <CircleAlert className="size-4 text-bad" aria-label={words('refused')} />,
  };
  return <span className="shrink-0 self-end pb-1">{marks[state]}</span>;
}

function noticeText({ from, text }: PhoneMessage, words: Translate): string {
  if (from === 'notice') return text;
  switch (text) {
    case 'subscribe':
      return words('eventSubscribe');
    case 'unsubscribe':
      return words('eventUnsubscribe');
    case 'block':
      return words('eventBlock');
    case 'unblock':
      return words('eventUnblock');
    default:
      return words('eventMenu', { text });
  }
}

function clock(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
