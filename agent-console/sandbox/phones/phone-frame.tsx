import { BatteryFull, Signal, Wifi } from 'lucide-react';
import type { ReactNode } from 'react';
import { useNow } from '../state/use-now';
import type { Account } from '../state/types';

/** A phone of no particular make, in the colours of the platform. */
export function PhoneFrame({ skin, children }: { skin: Account['type']; children: ReactNode }) {
  return (
    <div
      data-skin={skin}
      className="rounded-[2.75rem] bg-[#11141a] p-2 shadow-xl ring-1 shadow-black/15 ring-black/20 dark:ring-white/15"
    >
      <div className="flex h-[33rem] xl:h-[clamp(26rem,calc(100dvh-31rem),38rem)] flex-col overflow-hidden rounded-[2.25rem] bg-(--chat) text-(--chat-ink)">
        <StatusBar />
        {children}
      </div>
    </div>
  );
}

function StatusBar() {
  const now = new Date(useNow());
  const clock = now.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return (
    <div className="flex shrink-0 items-center justify-between bg-(--bar) px-6 pt-2.5 pb-1 text-xs font-semibold">
      <span>{clock}</span>
      <span className="flex items-center gap-1" aria-hidden>
        <Signal className="size-3.5" />
        <Wifi className="size-3.5" />
        <BatteryFull className="size-4" />
      </span>
    </div>
  );
}
