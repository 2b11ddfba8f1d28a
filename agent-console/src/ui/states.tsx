import { CircleAlert, Inbox, Lock, SearchX, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiError } from '../lib/api';
import { cx } from '../lib/class-names';
import { Button } from './button';
import { useUiWords } from './words';

interface Props {
  icon?: ReactNode;
  title: string;
  hint?: string;
  action?: ReactNode;
}

/** In the place of something that is not there: what it is, why, and what to do next. */
export function State({ icon, title, hint, action }: Props) {
  return (
    <div className="flex h-full min-h-56 flex-col items-center justify-center gap-1.5 p-8 text-center">
      <span className="mb-2 flex size-12 items-center justify-center rounded-2xl bg-raised text-muted ring-1 ring-line ring-inset [&>svg]:size-5.5">
        {icon ?? <Inbox aria-hidden />}
      </span>
      <p className="font-medium">{title}</p>
      {hint && <p className="max-w-80 text-[13px] text-balance text-muted">{hint}</p>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

export function EmptyState({ title, ...rest }: Partial<Props>) {
  const t = useUiWords();
  return <State title={title ?? t('emptyTitle')} {...rest} />;
}

/** Forbidden, not found, offline or broken: each says which it is. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useUiWords();
  const status = error instanceof ApiError ? error.status : -1;
  const retry = onRetry && <Button onClick={onRetry}>{t('retry')}</Button>;
  if (status === 403) return <ForbiddenState />;
  if (status === 404) return <NotFoundState />;
  if (status === 0)
    return (
      <State
        icon={<WifiOff aria-hidden />}
        title={t('offlineTitle')}
        hint={t('offlineHint')}
        action={retry}
      />
    );
  return (
    <State icon={<CircleAlert aria-hidden />} title={t('errorTitle')} hint={t('errorHint')} action={retry} />
  );
}

export function ForbiddenState() {
  const t = useUiWords();
  return <State icon={<Lock aria-hidden />} title={t('forbiddenTitle')} hint={t('forbiddenHint')} />;
}
export function NotFoundState() {
  const t = useUiWords();
  return <State icon={<SearchX aria-hidden />} title={t('notFoundTitle')} hint={t('notFoundHint')} />;
}

/** Grey bars where text will be; they appear only when the wait is felt. */
export function Skeleton({ lines = 3, className }: { lines?: number; className?: string }) {
  const t = useUiWords();
  return (
    <div
      role="status"
      aria-label={t('loading')}
      className={cx('fades-in-late flex flex-col gap-3 p-5', className)}
    >
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className="flex items-center gap-3">
          <div className="size-10 shrink-0 animate-pulse rounded-full bg-hover" />
          <div className="flex flex-1 flex-col gap-2">
            <div className="h-3 w-1/3 animate-pulse rounded bg-hover" />
            <div
              className="h-3 animate-pulse rounded bg-hover"
              style={{ width: `${85 - (index % 3) * 15}%` }}
            />
          </div>
        </div>
      ))}
    </div>
  );
}
