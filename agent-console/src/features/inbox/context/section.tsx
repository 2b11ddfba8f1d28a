import type { ReactNode } from 'react';

export function Section({ title, count, children }: { title: string; count?: number; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-t border-line px-4 py-3.5">
      <h3 className="mb-2.5 flex items-baseline gap-2 text-[13px] font-semibold">
        {title}
        {count !== undefined && <span className="tabular text-xs font-normal text-muted">{count}</span>}
      </h3>
      {children}
    </section>
  );
}
