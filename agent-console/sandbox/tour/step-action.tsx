import { LoaderCircle } from 'lucide-react';
import { customerPhrases } from '../i18n/customer-phrases';
import { useWords } from '../i18n/use-words';
import type { WordKey } from '../i18n/zh-cn';
import { api } from '../state/api';
import { attempt } from '../state/live';
import { shownCustomer, useSandbox } from '../state/store';
import type { TourStep } from '../state/types';
import { Button } from '../ui/button';

const labels: Record<TourStep, WordKey> = {
  answered: 'stepAnsweredAct',
  queued: 'stepQueuedAct',
  taken: 'stepTakenAct',
  replied: 'stepRepliedAct',
  resolved: 'stepResolvedAct',
};

/** What to do for the step at hand; the last two are done in the console, so here one waits. */
export function StepAction({ step }: { step: TourStep }) {
  const words = useWords();
  const customer = useTourCustomer();
  const label = words(labels[step]);
  if (step === 'taken')
    return (
      <a
        href="/"
        target="_blank"
        rel="noreferrer"
        className="inline-flex h-9 items-center rounded-lg bg-accent px-3 text-sm font-medium whitespace-nowrap text-on-accent hover:opacity-90"
      >
        {label}
      </a>
    );
  if (step === 'replied' || step === 'resolved')
    return (
      <p className="flex items-center gap-2 text-sm whitespace-nowrap text-muted">
        <LoaderCircle className="size-4 animate-spin motion-reduce:animate-none" aria-hidden />
        {label}
      </p>
    );
  const say = () => {
    if (!customer) return;
    const { questions, wishForAPerson } = customerPhrases[customer.language];
    const text = step === 'answered' ? questions[0] : wishForAPerson;
    attempt(api.send(customer.id, { kind: 'text', text }));
  };
  return (
    <Button look="primary" disabled={!customer} onClick={say}>
      {label}
    </Button>
  );
}

/** The tour is played on the first phone that has customers. */
function useTourCustomer() {
  const account = useSandbox((state) => state.accounts.find(({ customers }) => customers.length > 0));
  const selected = useSandbox((state) => state.selected);
  return account && shownCustomer(account, selected);
}
