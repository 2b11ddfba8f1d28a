import { Clock } from 'lucide-react';
import { cx } from '../../../lib/class-names';
import { clockTime } from '../../../lib/time';
import { Button } from '../../../ui/button';
import { drafts, outbox } from '../store/inbox';
import type { OutboxItem } from '../store/outbox-item';
import { useWords } from '../words';
import { bubbles } from './message-bubble';

/** Written and not yet with the server: painted at once. What needs a decision asks for it here. */
export function PendingBubble({ item }: { item: OutboxItem }) {
  const t = useWords();
  const { text, mode, state, writtenAt } = item;
  const rests = state.kind === 'sending' || state.kind === 'waiting';
  return (
    <div
      data-author={mode === 'reply' ? 'agent' : 'note'}
      data-pending={state.kind}
      className="mt-1.5 flex max-w-[88%] flex-col items-end gap-1 self-end pr-9.5 md:max-w-[76%]"
    >
      <div className={cx('max-w-full rounded-2xl px-3.5 py-2', bubbles[mode === 'reply' ? 'agent' : 'note'])}>
        <p className="break-words whitespace-pre-wrap">{text}</p>
      </div>
      {rests ? (
        <p className="flex items-center gap-1 px-1 text-xs text-muted">
          <time dateTime={writtenAt}>{clockTime(writtenAt)}</time>
          <span
            role="img"
            aria-label={t(`outbox.${state.kind}`)}
            title={t(`outbox.${state.kind}`)}
            data-delivery="pending"
          >
            <Clock className="size-3.5" aria-hidden />
          </span>
          {state.kind === 'waiting' && t('outbox.waiting')}
        </p>
      ) : (
        <Decision item={item} />
      )}
    </div>
  );
}

function Decision({ item }: { item: OutboxItem }) {
  const t = useWords();
  const { state } = item;
  /** Takes it back into the composer, before what is there. */
  const edit = () => {
    const draft = drafts.get(item.conversationId, item.mode);
    drafts.set(item.conversationId, item.mode, [item.text, draft].filter(Boolean).join('\n'));
    outbox.drop(item);
  };
  return (
    <div
      role="alert"
      className="max-w-full rounded-xl border border-warn bg-warn-soft p-3 text-[13px] text-warn"
    >
      {state.kind === 'collision' && (
        <>
          <p className="font-medium">{t('collision', { name: state.message.agent?.name ?? '' })}</p>
          <p className="mt-1 line-clamp-3 border-l-2 border-warn pl-2 text-ink">{state.message.text}</p>
        </>
      )}
      {state.kind === 'stale' && <p className="font-medium">{t('stale')}</p>}
      {state.kind === 'refused' && <p className="font-medium">{refusal(t, state)}</p>}
      <div className="mt-2.5 flex flex-wrap justify-end gap-2">
        <Button size="small" onClick={() => outbox.drop(item)}>
          {t('discard')}
        </Button>
        <Button size="small" onClick={edit}>
          {t('edit')}
        </Button>
        {!(state.kind === 'refused' && platformRefusal(state.code)) && (
          <Button size="small" tone="primary" onClick={() => outbox.sendAnyway(item)}>
            {t('sendAnyway')}
          </Button>
        )}
      </div>
    </div>
  );
}

function refusal(t: ReturnType<typeof useWords>, { code, reason }: { code: string; reason: string }): string {
  if (code === 'not_claimed') return t('refused.notClaimed');
  if (code === 'not_owner') return t('refused.notOwner');
  if (code === 'closed') return t('refused.closed');
  const limit = platformRefusal(code);
  return limit ? t(`refused.${limit}`) : t('refused.other', { reason });
}

/** What the platform does not take now: trying it once more would not help. */
const platformRefusal = (code: string) =>
  (['window_closed', 'quota_used', 'too_long_for_quota'] as const).find((one) => one === code);
