import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { MessageView } from '../../../../../src/contract/messages';
import { call } from '../../../lib/api';
import { Button } from '../../../ui/button';
import { toast } from '../../../ui/toast';
import { threads } from '../store/inbox';
import { useWords } from '../words';

const classes = ['retry', 'token', 'window', 'recipient', 'permanent', 'unknown'] as const;

/** Why it did not arrive, and another try: the same message, never a second copy. */
export function FailedDelivery({ message }: { message: MessageView }) {
  const t = useWords();
  const [busy, setBusy] = useState(false);
  const { id, conversationId, deliveryError } = message;
  const known =
    classes.find((one) => one === deliveryError?.class) ??
    (message.delivery === 'unknown' ? 'unknown' : 'retry');
  const retry = async () => {
    setBusy(true);
    try {
      const params = { id: conversationId, messageId: id };
      const answer = await call('POST /conversations/:id/messages/:messageId/retry', { params, body: {} });
      threads.put(answer, { again: true });
    } catch {
      toast({ tone: 'error', text: t('retryFailed') });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex max-w-full flex-wrap items-center justify-end gap-2 rounded-lg bg-bad-soft py-1 pr-1 pl-2.5 text-xs text-bad">
      <span className="min-w-0" title={deliveryError?.message}>
        {t(`failure.${known}`)}
        {deliveryError?.platformCode && ` (${deliveryError.platformCode})`}
      </span>
      {message.author === 'agent' && (
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
