import { useNavigate } from '@tanstack/react-router';
import { Hand, RotateCcw, StickyNote, UserRound } from 'lucide-react';
import type { ConversationView } from '../../../../../src/contract/conversations';
import { Button } from '../../../ui/button';
import { acts } from '../store/acts';
import { useTake } from '../thread/acts';
import { useWords } from '../words';
import type { ReplyRefusal } from './can-reply';

interface Props {
  row: ConversationView;
  refusal: ReplyRefusal;
  onNote: () => void;
}

/** Why a reply is not possible, and what is. */
export function CannotReply({ row, refusal, onNote }: Props) {
  const t = useWords();
  const take = useTake(row.id);
  const navigate = useNavigate();
  const isLimited = refusal === 'window_closed' || refusal === 'quota_used';
  return (
    <div className="flex flex-wrap items-center gap-2 px-3.5 pt-1 pb-3">
      <p className="min-w-40 flex-1 text-[13px] text-muted">
        {t(`cannot.${refusal}`, { name: row.assignee?.name ?? '' })}
      </p>
      {refusal === 'not_claimed' && (
        <Button size="small" tone="primary" icon={<Hand className="size-4" aria-hidden />} onClick={take}>
          {t('takeToReply')}
        </Button>
      )}
      {refusal === 'closed' && (
        <Button
          size="small"
          icon={<RotateCcw className="size-4" aria-hidden />}
          onClick={() => void acts.reopen(row.id)}
        >
          {t('reopenToReply')}
        </Button>
      )}
      {isLimited && (
        <Button
          size="small"
          icon={<UserRound className="size-4" aria-hidden />}
          onClick={() =>
            void navigate({ to: '/customers/$contactId', params: { contactId: row.contact.id } })
          }
        >
          {t('otherChannels')}
        </Button>
      )}
      {refusal !== 'closed' && refusal !== 'not_claimed' && (
        <Button size="small" icon={<StickyNote className="size-4" aria-hidden />} onClick={onNote}>
          {t('writeNote')}
        </Button>
      )}
    </div>
  );
}
