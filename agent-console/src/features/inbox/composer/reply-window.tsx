import { Hourglass } from 'lucide-react';
import type { ConversationView } from '../../../../../src/contract/conversations';
import { useNow } from '../../../lib/now';
import { asCountdown } from '../../../lib/time';
import { Badge } from '../../../ui/badge';
import { useWords } from '../words';

const soonMs = 2 * 3_600_000;

/** How long, and how often, the platform still lets us answer. Nothing where it sets no limit. */
export function ReplyWindow({ row }: { row: ConversationView }) {
  return row.replyWindow && row.status !== 'closed' ? <Running window={row.replyWindow} /> : null;
}

function Running({ window: { closesAt, left } }: { window: NonNullable<ConversationView['replyWindow']> }) {
  const t = useWords();
  const leftMs = Date.parse(closesAt) - useNow();
  const over = leftMs <= 0 || left === 0;
  const tone = over ? 'bad' : leftMs < soonMs || (left !== null && left <= 1) ? 'warn' : 'neutral';
  const text = over
    ? t('window.closed')
    : left === null
      ? t('window.open', { time: asCountdown(leftMs) })
      : t('window.openWithQuota', { time: asCountdown(leftMs), left });
  return (
    <Badge tone={tone} icon={<Hourglass className="size-3.5" aria-hidden />} title={t('window.hint')}>
      {text}
    </Badge>
  );
}
