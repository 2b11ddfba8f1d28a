import { Bot, CircleCheck, Clock, Inbox, Layers, type LucideIcon, UserRoundCheck } from 'lucide-react';
import { cx } from '../../../lib/class-names';
import { type ViewName, viewNames } from '../store/views';
import { useWords } from '../words';
import { countText, useCounts } from './use-counts';

export const viewIcons: Record<ViewName, LucideIcon> = {
  mine: UserRoundCheck,
  queue: Inbox,
  bot: Bot,
  all: Layers,
  snoozed: Clock,
  resolved: CircleCheck,
};

interface Props {
  view: ViewName;
  onShow: (view: ViewName) => void;
}

/** The views with what they hold. */
export function ViewsPane({ view, onShow }: Props) {
  const t = useWords();
  const counts = useCounts();
  return (
    <nav aria-label={t('views')} className="flex flex-col gap-0.5 p-3">
      <h1 className="px-2.5 pt-1 pb-2.5 text-base font-semibold">{t('inbox')}</h1>
      {viewNames.map((name) => {
        const Icon = viewIcons[name];
        const count = counts[name];
        const calls = name === 'queue' && (count ?? 0) > 0;
        return (
          <button
            key={name}
            type="button"
            aria-current={name === view ? 'page' : undefined}
            onClick={() => onShow(name)}
            className="group flex h-9 items-center gap-2.5 rounded-lg px-2.5 text-left hover:bg-hover aria-[current]:bg-selected aria-[current]:font-medium"
          >
            <Icon className="size-4 text-muted group-aria-[current]:text-accent-ink" aria-hidden />
            <span className="flex-1">{t(`view.${name}`)}</span>
            {count !== undefined && (
              <span
                className={cx(
                  'tabular rounded-full text-xs',
                  calls ? 'bg-warn-soft px-1.5 font-semibold text-warn' : 'text-muted',
                )}
              >
                {countText(count)}
              </span>
            )}
          </button>
        );
      })}
    </nav>
  );
}
