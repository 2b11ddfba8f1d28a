import { Check, PartyPopper } from 'lucide-react';
import { useWords } from '../i18n/use-words';
import type { WordKey } from '../i18n/zh-cn';
import { api } from '../state/api';
import { attempt } from '../state/live';
import { useSandbox } from '../state/store';
import { type TourStep, tourSteps } from '../state/types';
import { Button } from '../ui/button';
import { StepAction } from './step-action';

const titles: Record<TourStep, WordKey> = {
  answered: 'stepAnswered',
  queued: 'stepQueued',
  taken: 'stepTaken',
  replied: 'stepReplied',
  resolved: 'stepResolved',
};
const hints: Record<TourStep, WordKey> = {
  answered: 'stepAnsweredHint',
  queued: 'stepQueuedHint',
  taken: 'stepTakenHint',
  replied: 'stepRepliedHint',
  resolved: 'stepResolvedHint',
};

/** Five steps from a question to a resolved case; each ticks itself when it really happened. */
export function Tour() {
  const words = useWords();
  const tour = useSandbox((state) => state.tour);
  const current = tourSteps.find((step) => !tour[step]);
  return (
    <section aria-label={words('tour')} className="border-b border-line bg-panel px-4 py-3 sm:px-6">
      <div className="flex flex-col gap-3 xl:flex-row xl:items-center xl:gap-5">
        <ol className="flex min-w-0 flex-1 gap-2">
          {tourSteps.map((step, index) => (
            <Step
              key={step}
              number={index + 1}
              title={words(titles[step])}
              hint={words(hints[step])}
              isDone={tour[step]}
              isCurrent={step === current}
            />
          ))}
        </ol>
        {current ? <StepAction step={current} /> : <Finished />}
      </div>
    </section>
  );
}

interface StepProps {
  number: number;
  title: string;
  hint: string;
  isDone: boolean;
  isCurrent: boolean;
}

function Step({ number, title, hint, isDone, isCurrent }: StepProps) {
  const words = useWords();
  const frame = isCurrent ? 'border-accent bg-accent-soft' : 'border-line bg-panel';
  const badge = isDone
    ? 'bg-good text-panel'
    : isCurrent
      ? 'bg-accent text-on-accent'
      : 'bg-raised text-muted';
  return (
    <li
      aria-current={isCurrent ? 'step' : undefined}
      className={`flex min-w-0 items-center gap-2.5 rounded-xl border px-2 py-2 sm:px-3 md:flex-1 ${isCurrent ? 'flex-1' : ''} ${frame}`}
    >
      <span className={`grid size-6 shrink-0 place-items-center rounded-full text-xs font-semibold ${badge}`}>
        {isDone ? <Check className="size-3.5" strokeWidth={3} aria-label={words('done')} /> : number}
      </span>
      <span className={`min-w-0 ${isCurrent ? '' : 'max-md:sr-only'}`}>
        <span className="block truncate text-sm font-medium">{title}</span>
        <span className="block truncate text-xs text-muted md:max-xl:hidden" title={hint}>
          {hint}
        </span>
      </span>
    </li>
  );
}

function Finished() {
  const words = useWords();
  const again = async () => {
    await api.restartTour();
    useSandbox.setState({ tour: await api.tour() });
  };
  return (
    <div className="flex items-center gap-3">
      <p role="status" className="flex items-center gap-2 text-sm font-medium text-good">
        <PartyPopper className="size-4" aria-hidden />
        {words('tourDone')}
      </p>
      <Button size="small" onClick={() => attempt(again())}>
        {words('tourAgain')}
      </Button>
    </div>
  );
}
