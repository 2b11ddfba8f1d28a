import type { FormEvent, ReactNode } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';
import { useSavingFailure } from './saving/use-saving';
import { useUiWords } from './words';

interface Props {
  title: string;
  hint?: string;
  onClose: () => void;
  onSubmit: () => void;
  busy: boolean;
  error: Error | null;
  children: ReactNode;
}

const formId = 'dialog-form';

/** A form over the page; what is wrong with it is told inside. */
export function FormDialog({ title, hint, onClose, onSubmit, busy, error, children }: Props) {
  const ui = useUiWords();
  const explain = useSavingFailure();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={hint}
      actions={
        <>
          <Button onClick={onClose}>{ui('cancel')}</Button>
          <Button tone="primary" type="submit" form={formId} busy={busy}>
            {ui('save')}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        {children}
        {error && (
          <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-[13px] text-bad">
            {explain(error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}
