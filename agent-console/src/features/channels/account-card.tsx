import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleOff,
  Lock,
  type LucideIcon,
  Pencil,
} from 'lucide-react';
import type { ChannelView } from '../../../../src/contract/channels';
import { fullTime } from '../../lib/time';
import { Badge, type BadgeTone } from '../../ui/badge';
import { Button } from '../../ui/button';
import { ChannelMark, useChannelName } from '../../ui/channel';
import { WebhookAddress } from './webhook-address';
import { useWords } from './words';

interface Props {
  account: ChannelView;
  /** Given to those who may edit accounts. */
  onEdit?: () => void;
}

export function AccountCard({ account, onEdit }: Props) {
  const t = useWords();
  const nameOf = useChannelName();
  const { id, type, name, source, webhookUrl, health } = account;
  return (
    <section
      aria-label={name}
      className="flex h-full flex-col overflow-hidden rounded-2xl border border-line bg-panel shadow-card"
    >
      <header className="flex items-start gap-3 p-4">
        <span className="mt-0.5 flex size-10 shrink-0 items-center justify-center rounded-xl bg-raised ring-1 ring-line ring-inset">
          <ChannelMark channel={type} />
        </span>
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold">{name}</h2>
          <p className="truncate text-[13px] text-muted">
            {nameOf(type)} · <span className="font-mono text-xs">{id}</span>
          </p>
        </div>
        <Health account={account} />
      </header>
      <div className="flex flex-1 flex-col gap-3 px-4 pb-4">
        {health.problem && (
          <div className="rounded-lg bg-bad-soft px-3 py-2 text-[13px] text-bad">
            <p className="text-xs font-medium">{t('problem')}</p>
            <p className="break-words">{health.problem}</p>
          </div>
        )}
        {webhookUrl ? (
          <WebhookAddress url={webhookUrl} />
        ) : (
          <p className="rounded-lg bg-raised px-3 py-2 text-[13px] text-muted">{t('noWebhook')}</p>
        )}
        <dl className="mt-auto grid grid-cols-2 gap-3 text-[13px]">
          <Moment label={t('lastInbound')} at={health.lastInboundAt} />
          <Moment label={t('lastOutbound')} at={health.lastOutboundAt} />
        </dl>
      </div>
      <footer className="flex min-h-12 items-center gap-2 border-t border-line bg-raised px-4 py-2">
        {source === 'file' ? (
          <p className="flex items-center gap-1.5 text-xs text-muted" title={t('readOnlyHint')}>
            <Lock className="size-3.5 shrink-0" aria-hidden />
            {t('readOnlyHint')}
          </p>
        ) : (
          <>
            <Badge>{t('fromConsole')}</Badge>
            {onEdit && (
              <Button
                size="small"
                className="ml-auto"
                onClick={onEdit}
                aria-label={t('editTitle', { name })}
                icon={<Pencil className="size-3.5" aria-hidden />}
              >
                {t('edit')}
              </Button>
            )}
          </>
        )}
      </footer>
    </section>
  );
}

function Moment({ label, at }: { label: string; at: string | null }) {
  const t = useWords();
  return (
    <div>
      <dt className="text-xs text-muted">{label}</dt>
      <dd>
        {at ? <time dateTime={at}>{fullTime(at)}</time> : <span className="text-muted">{t('never')}</span>}
      </dd>
    </div>
  );
}

const looks = {
  ok: { tone: 'good', icon: CircleCheck },
  degraded: { tone: 'bad', icon: CircleAlert },
  unknown: { tone: 'neutral', icon: CircleDashed },
} satisfies Record<ChannelView['health']['state'], { tone: BadgeTone; icon: LucideIcon }>;

function Health({ account: { enabled, health } }: { account: ChannelView }) {
  const t = useWords();
  if (!enabled) return <Badge icon={<CircleOff className="size-3.5" aria-hidden />}>{t('disabled')}</Badge>;
  const { tone, icon: Icon } = looks[health.state];
  return (
    <Badge tone={tone} icon={<Icon className="size-3.5" aria-hidden />}>
      {t(`health.${health.state}`)}
    </Badge>
  );
}
