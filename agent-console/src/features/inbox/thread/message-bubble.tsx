import { Bot, StickyNote } from 'lucide-react';
import { memo } from 'react';
import type { MessageView } from '../../../../../src/contract/messages';
import { cx } from '../../../lib/class-names';
import { clockTime, fullTime } from '../../../lib/time';
import { Avatar } from '../../../ui/avatar';
import { useWords } from '../words';
import { DeliveryTick } from './delivery-tick';
import { FailedDelivery } from './failed-delivery';
import { MessageContent } from './message-content';

interface Props {
  message: MessageView;
  contact: string;
  startsRun: boolean;
}

export const MessageBubble = memo(function MessageBubble({ message, contact, startsRun }: Props) {
  const { author, agent, at, delivery } = message;
  if (author === 'system') return <SystemLine message={message} />;
  const theirs = author === 'contact';
  return (
    <div
      data-author={author}
      data-message={message.id}
      className={cx(
        'flex max-w-[88%] gap-2.5 md:max-w-[76%]',
        !theirs && 'flex-row-reverse self-end',
        startsRun && 'mt-2.5',
      )}
    >
      <span className="w-7 shrink-0">
        {startsRun &&
          (author === 'bot' ? (
            <BotMark />
          ) : (
            <Avatar name={theirs ? contact : (agent?.name ?? '?')} size="small" />
          ))}
      </span>
      <div className={cx('flex min-w-0 flex-col gap-1', theirs ? 'items-start' : 'items-end')}>
        {startsRun && <Author message={message} contact={contact} />}
        <div className={cx('max-w-full min-w-0 rounded-2xl px-3.5 py-2', bubbles[author])}>
          <MessageContent message={message} />
        </div>
        <p className="flex items-center gap-1 px-1 text-xs text-muted">
          <time dateTime={at} title={fullTime(at)}>
            {clockTime(at)}
          </time>
          {author !== 'note' && delivery && <DeliveryTick delivery={delivery} />}
        </p>
        {(delivery === 'failed' || delivery === 'unknown') && <FailedDelivery message={message} />}
      </div>
    </div>
  );
});

export const bubbles = {
  contact: 'rounded-tl-md bg-panel shadow-card ring-1 ring-line ring-inset',
  bot: 'rounded-tr-md bg-bot-soft',
  agent: 'rounded-tr-md bg-mine text-on-mine',
  note: 'rounded-tr-md border border-dashed border-warn bg-warn-soft text-warn',
};

function Author({ message, contact }: { message: MessageView; contact: string }) {
  const t = useWords();
  const { author, agent } = message;
  return (
    <p className="flex items-center gap-1 px-1 text-xs text-muted">
      {author === 'note' && <StickyNote className="size-3.5 text-warn" aria-hidden />}
      {author === 'contact' && contact}
      {author === 'bot' && t('bot')}
      {author === 'agent' && agent?.name}
      {author === 'note' && t('noteBy', { name: agent?.name ?? '' })}
    </p>
  );
}

function BotMark() {
  return (
    <span className="inline-flex size-7 items-center justify-center rounded-full bg-bot text-panel">
      <Bot className="size-4" aria-hidden />
    </span>
  );
}

function SystemLine({ message }: { message: MessageView }) {
  return (
    <p
      data-author="system"
      className="my-1.5 self-center rounded-full bg-raised px-3 py-1 text-xs text-muted ring-1 ring-line ring-inset"
    >
      {message.text}
    </p>
  );
}
