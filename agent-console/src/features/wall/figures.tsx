import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { WallView } from '../../../../src/contract/wall';
import { cx } from '../../lib/class-names';
import { useNow } from '../../lib/now';
import { asCountdown } from '../../lib/time';
import { useWords } from './words';

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** The few figures that tell whether all is well, each beside its target. */
export function Figures({ wall }: { wall: WallView }) {
  const t = useWords();
  const { targets, serviceLevel, waiting, breached, agentsFree, open, withBot } = wall;
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-5">
      <Figure
        label={t('serviceLevel')}
        value={serviceLevel === null ? '—' : percent(serviceLevel)}
        hint={serviceLevel === null ? t('nothingYet') : t('serviceLevelHint')}
        target={t('targetAtLeast', { value: percent(targets.serviceLevel) })}
        met={serviceLevel === null ? null : serviceLevel >= targets.serviceLevel}
      />
      <Figure
        label={t('waiting')}
        value={String(waiting)}
        hint={t('waitingHint', { open, bot: withBot })}
        target={t('targetAtMost', { value: targets.waiting })}
        met={waiting <= targets.waiting}
      />
      <LongestWait wall={wall} />
      <Figure
        label={t('breached')}
        value={String(breached)}
        hint={t('breachedHint')}
        target={t('targetNone')}
        met={breached === 0}
      />
      <Figure
        label={t('agentsFree')}
        value={String(agentsFree)}
        hint={t('agentsFreeHint')}
        target={t('targetAtLeast', { value: targets.agentsFree })}
        met={agentsFree >= targets.agentsFree}
      />
    </div>
  );
}

function LongestWait({ wall: { longestWaitSince, targets } }: { wall: WallView }) {
  const t = useWords();
  const now = useNow();
  const waitMs = longestWaitSince ? now - Date.parse(longestWaitSince) : 0;
  const minutes = targets.longestWaitMinutes;
  return (
    <Figure
      label={t('longestWait')}
      value={longestWaitSince ? asCountdown(waitMs) : '0:00'}
      hint={t('longestWaitHint')}
      target={
        minutes === null ? t('noTarget') : t('targetAtMost', { value: t('minutes', { count: minutes }) })
      }
      met={minutes === null ? null : waitMs <= minutes * 60_000}
    />
  );
}

interface FigureProps {
  label: string;
  value: string;
  hint: string;
  target: string;
  /** Null where there is nothing to measure. */
  met: boolean | null;
}

function Figure({ label, value, hint, target, met }: FigureProps) {
  const t = useWords();
  const off = met === false;
  return (
    <section
      aria-label={label}
      className={cx(
        'flex min-w-0 flex-col rounded-2xl border p-4 shadow-card last:col-span-2 md:last:col-span-1',
        off ? 'border-bad/40 bg-bad-soft text-bad' : 'border-line bg-panel',
      )}
    >
      <h2 className={cx('truncate text-[13px] font-medium', !off && 'text-muted')}>{label}</h2>
      <p className="tabular mt-1 truncate text-4xl leading-tight font-semibold tracking-tight xl:text-5xl">
        {value}
      </p>
      <p className={cx('mt-1 truncate text-xs', !off && 'text-muted')} title={hint}>
        {hint}
      </p>
      <p
        className={cx(
          'mt-3 flex flex-wrap items-center gap-x-1.5 border-t pt-2 text-xs font-medium',
          off ? 'border-bad/25' : 'border-line',
          met === true && 'text-good',
          met === null && 'text-muted',
        )}
      >
        {met === true && <CircleCheck className="size-3.5" aria-hidden />}
        {off && <TriangleAlert className="size-3.5" aria-hidden />}
        <span>{target}</span>
        {met !== null && <span className="sr-only">{t(met ? 'met' : 'missed')}</span>}
      </p>
    </section>
  );
}
