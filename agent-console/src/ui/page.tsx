import type { ReactNode } from 'react';

interface Props {
  title: string;
  hint?: string;
  /** Search, filters, buttons; they wrap below the title where it is narrow. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen: its heading, and below it what scrolls. */
export function Page({ title, hint, actions, children }: Props) {
  return (
    <main className="flex h-full min-w-0 flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-panel px-4 py-3 md:px-6">
        <div className="mr-auto min-w-0">
          <h1 className="truncate text-lg font-semibold">{title}</h1>
          {hint && <p className="text-[13px] text-muted">{hint}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-4 md:p-6">{children}</div>
    </main>
  );
}

/** A framed part of a page. */
export function Card({
  title,
  actions,
  children,
}: {
  title?: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="overflow-hidden rounded-xl border border-line bg-panel shadow-card">
      {title && (
        <header className="flex min-h-11 items-center gap-2 border-b border-line px-4 py-2">
          <h2 className="mr-auto text-[13px] font-semibold">{title}</h2>
          {actions}
        </header>
      )}
      {children}
    </section>
  );
}
