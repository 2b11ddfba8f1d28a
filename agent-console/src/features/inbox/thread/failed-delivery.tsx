import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { MessageView } from '../../../../../src/contract/messages';
import { deliveryErrorClasses } from '../../../../../src/domain/delivery';
import { ApiError, call } from '../../../lib/api';
import { cx } from '../../../lib/class-names';
import { useMay, useMe } from '../../../lib/session';
import { Button } from '../../../ui/button';
import { toast } from '../../../ui/toast';
import { useUiWords } from '../../../ui/words';
import { threads, useConversation } from '../store/inbox';
import { useWords } from '../words';

/**
 * Why it did not arrive, or that nobody knows whether it did, and another try of the same message: for those who may
 * answer this customer, whoever wrote it.
 */
export function FailedDelivery({ message }: { message: MessageView }) {
  const t = useWords();
  const ui = useUiWords();
  const [busy, setBusy] = useState(false);
  const { id, conversationId, deliveryError } = message;
  const row = useConversation(conversationId);
  const [myId, isSupervisor] = [useMe().id, useMay('supervisor')];
  const mayRetry = isSupervisor || row?.assignee?.id === myId;
  const known =
    deliveryErrorClasses.find((one) => one === deliveryError?.class) ??
    (message.delivery === 'unknown' ? 'unknown' : 'retry');
  const retry = async () => {
    setBusy(true);
    try {
      const params = { id: conversationId, messageId: id };
      const answer = await call('POST /conversations/:id/messages/:messageId/retry', { params, body: {} });
      threads.put(answer, { again: true });
    } catch (error) {
      toast({ tone: 'error', text: t(whyNot(error)) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div
      className={cx(
        'flex max-w-full flex-wrap items-center justify-end gap-2 rounded-lg py-1 pr-1 pl-2.5 text-xs',
        known === 'unknown' ? 'bg-warn-soft text-warn' : 'bg-bad-soft text-bad',
      )}
    >
      <span className="min-w-0" title={deliveryError?.message}>
        {ui(`failure.${known}`)}
        {deliveryError?.platformCode && ` (${deliveryError.platformCode})`}
      </span>
      {mayRetry && (
        <Button
          size="small"
          busy={busy}
          onClick={() => void retry()}
          icon={<RotateCcw className="size-3.5" aria-hidden />}
        >
          {t('retry')}
        </Button>
      )}
    </div>
  );
}

const refusals = ['window_closed', 'quota_used', 'too_long_for_quota'] as const;

function whyNot(error: unknown) {
  const refusal = error instanceof ApiError && refusals.find((code) => code === error.code);
  return refusal ? (`refused.${refusal}` as const) : 'retryFailed';
}
