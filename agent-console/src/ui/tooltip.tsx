import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Kbd } from './kbd';

interface Props {
  label: string;
  shortcut?: string;
  side?: 'top' | 'right' | 'bottom' | 'left';
  children: ReactNode;
}

export const TooltipProvider = Radix.Provider;

/** A hint beside a control that has its own accessible name. */
export function Tooltip({ label, shortcut, side, children }: Props) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="appears z-60 flex items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs text-panel shadow-float"
        >
          {label}
          {shortcut && <Kbd tone="inverted">{shortcut}</Kbd>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
