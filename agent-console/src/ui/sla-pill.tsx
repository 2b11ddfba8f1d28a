import { CircleAlert, CirclePause, Timer } from 'lucide-react';
import type { z } from 'zod';
import type { clockView } from '../../../src/contract/conversations';
import { useNow } from '../lib/now';
import { asCountdown } from '../lib/time';
import { Badge } from './badge';
import { useUiWords } from './words';

type Clock = Pick<z.infer<typeof clockView>, 'metric' | 'state' | 'dueAt' | 'warnAt'>;

/** The nearest SLA deadline. The server computed it, with its calendar; here it is only counted down. */
export function SlaPill({ clock }: { clock: Clock | null }) {
  if (!clock || clock.state === 'met' || clock.state === 'cancelled') return null;
  return clock.state === 'paused' ? <PausedPill clock={clock} /> : <RunningPill clock={clock} />;
}

function PausedPill({ clock }: { clock: Clock }) {
  const t = useUiWords();
  const title = t('sla.paused', { metric: t(`metric.${clock.metric}`) });
  return (
    <Badge icon={<CirclePause className="size-3.5" aria-hidden />} title={title}>
      <span className="sr-only">{title}</span>
      <span aria-hidden>—</span>
    </Badge>
  );
}

function RunningPill({ clock }: { clock: Clock }) {
  const t = useUiWords();
  const now = useNow();
  const leftMs = Date.parse(clock.dueAt) - now;
  const late = leftMs < 0;
  const soon = now >= Date.parse(clock.warnAt);
  const time = asCountdown(Math.abs(leftMs));
  const title = t(late ? 'sla.late' : 'sla.left', { metric: t(`metric.${clock.metric}`), time });
  const Icon = late ? CircleAlert : Timer;
  return (
    <Badge
      tone={late ? 'bad' : soon ? 'warn' : 'good'}
      icon={<Icon className="size-3.5" aria-hidden />}
      title={title}
    >
      <span className="sr-only">{title}</span>
      <span aria-hidden>
        {late && '+'}
        {time}
      </span>
    </Badge>
  );
}
