import { ArrowLeft, PanelRight } from 'lucide-react';
import type { ConversationView } from '../../../../../src/contract/conversations';
import { useMe } from '../../../lib/session';
import { Avatar } from '../../../ui/avatar';
import { Badge } from '../../../ui/badge';
import { ChannelMark, useChannelName } from '../../../ui/channel';
import { IconButton } from '../../../ui/icon-button';
import { SlaPill } from '../../../ui/sla-pill';
import { ConversationStatusBadge } from '../../../ui/status-badges';
import { useUiWords } from '../../../ui/words';
import { useQueuePosition } from '../use-queue-position';
import { useWords } from '../words';
import { Acts } from './acts';

interface Props {
  row: ConversationView;
  onBack: () => void;
  onContext: () => void;
}

export function ThreadHeader({ row, onBack, onContext }: Props) {
  const t = useWords();
  const ui = useUiWords();
  const me = useMe();
  const channel = useChannelName()(row.channel);
  const position = useQueuePosition(row);
  return (
    <header className="@container flex min-h-16 shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-panel px-3 py-2 md:px-4">
      <IconButton
        label={ui('back')}
        onClick={onBack}
        className="-mr-1 md:hidden"
        icon={<ArrowLeft className="size-5" aria-hidden />}
      />
      <span className="@max-md:hidden">
        <Avatar name={row.contact.name} channel={row.channel} />
      </span>
      <div className="min-w-24 flex-1">
        <h2 className="truncate text-[15px] leading-tight font-semibold">{row.contact.name}</h2>
        <p className="mt-1 flex flex-wrap items-center gap-1.5 text-xs text-muted">
          <span className="hidden whitespace-nowrap @sm:inline">
            <span className="hidden @2xl:inline">{channel} </span>
            {row.ticket && `#${row.ticket.number} `}
            {row.assignee && row.assignee.id !== me.id && row.assignee.name}
          </span>
          <span className="flex @md:hidden">
            <ChannelMark channel={row.channel} small />
          </span>
          {position === null ? (
            <ConversationStatusBadge status={row.status} />
          ) : (
            <Badge tone="warn">{t('queuePosition', { position })}</Badge>
          )}
          {row.status !== 'closed' && <SlaPill clock={row.clock} />}
        </p>
      </div>
      <div className="flex items-center gap-1.5">
        <Acts row={row} />
        <IconButton
          label={t('showContext')}
          shortcut="H"
          onClick={onContext}
          className="min-[1340px]:hidden"
          icon={<PanelRight className="size-4.5" aria-hidden />}
        />
      </div>
    </header>
  );
}
