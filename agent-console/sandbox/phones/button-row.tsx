import type { ReactNode } from 'react';

export function ButtonRow({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div role="group" aria-label={label} className="flex flex-col gap-1.5 px-1">
      <p className="text-[11px] font-medium tracking-wide text-muted">{label}</p>
      <div className="flex flex-wrap gap-1.5">{children}</div>
    </div>
  );
}
