import { Play } from 'lucide-react';
import type { FlowView } from '../../../../src/contract/knowledge';
import { cx } from '../../lib/class-names';
import { usePreferences } from '../../lib/preferences';
import { inLanguage } from './in-language';
import { nodeHeight, nodeWidth, type Point } from './layout';
import { useStepKind } from './step-kinds';
import { useWords } from './words';

interface Props {
  step: FlowView['steps'][number];
  at: Point;
  isStart: boolean;
  isSelected: boolean;
  onSelect: (id: string) => void;
}

export function FlowNode({ step, at, isStart, isSelected, onSelect }: Props) {
  const t = useWords();
  const language = usePreferences((preferences) => preferences.language);
  const { icon: Icon, tone, name } = useStepKind()(step.kind);
  return (
    <button
      type="button"
      aria-pressed={isSelected}
      onClick={() => onSelect(step.id)}
      style={{ left: at.x, top: at.y, width: nodeWidth, height: nodeHeight }}
      className={cx(
        'absolute flex flex-col gap-1.5 rounded-xl border bg-panel p-3 text-left whitespace-normal! shadow-card transition-shadow hover:shadow-float',
        isSelected ? 'border-accent ring-2 ring-accent' : 'border-line',
      )}
    >
      <span className="flex w-full items-center gap-2">
        <span className={cx('flex size-6 shrink-0 items-center justify-center rounded-lg', tone)}>
          <Icon className="size-3.5" aria-hidden />
        </span>
        <span className="text-[13px] font-semibold">{name}</span>
        <span className="min-w-0 flex-1 truncate text-right font-mono text-[11px] text-muted">{step.id}</span>
        {isStart && (
          <span className="flex items-center gap-0.5 rounded-md bg-accent px-1.5 py-0.5 text-[10px] font-semibold text-on-accent">
            <Play className="size-2.5 fill-current" aria-hidden />
            {t('start')}
          </span>
        )}
      </span>
      <span className="line-clamp-2 w-full text-xs break-words text-muted">{wordsOf(step, language)}</span>
    </button>
  );
}

/** What a step that says nothing shows: its call, what it writes or looks at. */
function wordsOf(
  { texts, kind, label, facts, next, id }: FlowView['steps'][number],
  language: string,
): string {
  const said = inLanguage(texts, language);
  if (said) return said;
  if (kind === 'branch')
    return next
      .map(({ when }) => when)
      .filter((when) => when && when !== 'otherwise')
      .join(', ');
  return label !== id ? label : (facts[0]?.value ?? '');
}
