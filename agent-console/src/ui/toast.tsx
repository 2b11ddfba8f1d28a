import { CircleAlert, CircleCheck } from 'lucide-react';
import { useEffect } from 'react';
import { create } from 'zustand';
import { Button } from './button';
import { useUiWords } from './words';

export interface Toast {
  text: string;
  tone?: 'info' | 'error';
  /** Offers an undo for as long as it shows. */
  onUndo?: () => void;
  /** When it went without an undo. */
  onGone?: () => void;
  lastsMs?: number;
}
interface Shown extends Toast {
  id: number;
}

const useToasts = create<{ toasts: Shown[] }>(() => ({ toasts: [] }));
let lastId = 0;

/** Tells something at the foot of the page. Returns a function that takes it away. */
export function toast(one: Toast): () => void {
  const shown = { ...one, id: (lastId += 1) };
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, shown].slice(-3) }));
  return () => remove(shown.id);
}

const remove = (id: number): void =>
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }));

export function Toaster() {
  const { toasts } = useToasts();
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-20 z-60 flex flex-col items-center gap-2 px-4 md:right-auto md:bottom-5 md:left-22 md:items-start md:px-0"
    >
      {toasts.map((one) => (
        <ToastCard key={one.id} toast={one} />
      ))}
    </div>
  );
}

function ToastCard({ toast: shown }: { toast: Shown }) {
  const t = useUiWords();
  const { id, text, tone, onUndo, onGone, lastsMs = 5_000 } = shown;
  useEffect(() => {
    const timer = setTimeout(() => {
      remove(id);
      onGone?.();
    }, lastsMs);
    return () => clearTimeout(timer);
  }, [id, lastsMs, onGone]);
  const Icon = tone === 'error' ? CircleAlert : CircleCheck;
  return (
    <div className="appears pointer-events-auto flex max-w-full items-center gap-3 rounded-xl border border-line bg-panel py-2 pr-2 pl-3.5 shadow-float">
      <Icon
        className={tone === 'error' ? 'size-4 shrink-0 text-bad' : 'size-4 shrink-0 text-good'}
        aria-hidden
      />
      <span className="min-w-0 py-1 pr-1.5">{text}</span>
      {onUndo && (
        <Button
          size="small"
          tone="ghost"
          className="text-accent-ink"
          onClick={() => {
            remove(id);
            onUndo();
          }}
        >
          {t('undo')}
        </Button>
      )}
    </div>
  );
}
