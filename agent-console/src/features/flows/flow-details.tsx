import { ArrowDown, ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import type { FlowView } from '../../../../src/contract/knowledge';
import { cx } from '../../lib/class-names';
import { usePreferences } from '../../lib/preferences';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { useFactNames } from './fact-names';
import { inLanguage } from './in-language';
import { useLinkWords } from './link-words';
import { useStepKind } from './step-kinds';
import { useWords } from './words';

interface Props {
  flow: FlowView;
  step: FlowView['steps'][number] | null;
  onSelect: (id: string | null) => void;
}

/** Beside the picture (below it where it is narrow): the chosen step, or the flow itself. */
export function FlowDetails({ flow, step, onSelect }: Props) {
  const t = useWords();
  return (
    <aside
      aria-label={t('tellMore')}
      tabIndex={0}
      className="max-h-[45%] shrink-0 overflow-y-auto border-t border-line bg-panel outline-offset-[-2px]! lg:max-h-none lg:w-84 lg:border-t-0 lg:border-l"
    >
      {step ? <Step flow={flow} step={step} onSelect={onSelect} /> : <About flow={flow} />}
    </aside>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-t border-line px-4 py-3.5 first:border-t-0">
      <h3 className="mb-2 text-[13px] font-semibold">{title}</h3>
      {children}
    </section>
  );
}

function About({ flow }: { flow: FlowView }) {
  const t = useWords();
  const language = usePreferences((preferences) => preferences.language);
  return (
    <>
      <div className="px-4 pt-4 pb-3">
        <h2 className="text-base font-semibold">{inLanguage(flow.titles, language) ?? flow.title}</h2>
        <p className="text-[13px] text-muted">{t('pick')}</p>
      </div>
      <Part title={t('triggers')}>
        <p className="mb-2 text-xs text-muted">{t('triggersHint')}</p>
        <ul className="flex flex-col gap-1.5">
          {flow.triggers.map((trigger) => (
            <li key={trigger} className="rounded-lg bg-raised px-2.5 py-1.5 font-mono text-xs break-all">
              {trigger}
            </li>
          ))}
        </ul>
      </Part>
      <Part title={t('languages')}>
        <p className="flex flex-wrap gap-1.5">
          {flow.languages.map((one) => (
            <Badge key={one}>{one}</Badge>
          ))}
        </p>
      </Part>
      <Part title={t('version')}>
        <p className="font-mono text-xs break-all text-muted">
          {flow.id} · {flow.version}
        </p>
      </Part>
    </>
  );
}

function Step({ flow, step, onSelect }: Props & { step: FlowView['steps'][number] }) {
  const t = useWords();
  const language = usePreferences((preferences) => preferences.language);
  const factName = useFactNames();
  const { icon: Icon, tone, name } = useStepKind()(step.kind);
  const said = inLanguage(step.texts, language);
  return (
    <>
      <div className="flex items-center gap-3 px-4 pt-4 pb-3">
        <span className={cx('flex size-9 shrink-0 items-center justify-center rounded-xl', tone)}>
          <Icon className="size-5" aria-hidden />
        </span>
        <div className="min-w-0 flex-1">
          <h2 className="text-base font-semibold">{name}</h2>
          <p className="truncate font-mono text-xs text-muted">{step.id}</p>
        </div>
        <Button
          size="small"
          onClick={() => onSelect(null)}
          icon={<ArrowLeft className="size-3.5" aria-hidden />}
        >
          {t('about')}
        </Button>
      </div>
      {said && (
        <Part title={t('says')}>
          <p className="rounded-xl bg-raised p-3 text-[13px] break-words whitespace-pre-line">{said}</p>
        </Part>
      )}
      {step.facts.length > 0 && (
        <Part title={t('facts')}>
          <dl className="grid grid-cols-[6.5rem_1fr] gap-y-2 text-[13px]">
            {step.facts.map((fact) => (
              <div key={fact.name} className="contents">
                <dt className="text-muted">{factName(fact.name)}</dt>
                <dd className="font-mono text-xs leading-5 break-all whitespace-pre-line">{fact.value}</dd>
              </div>
            ))}
          </dl>
        </Part>
      )}
      <Part title={t('next')}>
        <NextSteps flow={flow} step={step} onSelect={onSelect} />
      </Part>
    </>
  );
}

function NextSteps({ flow, step, onSelect }: Props & { step: FlowView['steps'][number] }) {
  const t = useWords();
  const linkWords = useLinkWords();
  const kindOf = useStepKind();
  if (step.next.length === 0) return <p className="text-[13px] text-muted">{t('nextNone')}</p>;
  return (
    <ul className="flex flex-col gap-1.5">
      {step.next.map((next) => {
        const kind = flow.steps.find(({ id }) => id === next.to)?.kind ?? '';
        return (
          <li key={`${next.to} ${next.when}`}>
            <button
              type="button"
              onClick={() => onSelect(next.to)}
              className="flex w-full items-center gap-2 rounded-lg border border-line px-3 py-2 text-left text-[13px] hover:bg-hover"
            >
              <ArrowDown className="size-3.5 shrink-0 text-muted" aria-hidden />
              <span className="min-w-0 flex-1 truncate">{linkWords(next) ?? kindOf(kind).name}</span>
              <span className="max-w-28 truncate font-mono text-xs text-muted">{next.to}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
