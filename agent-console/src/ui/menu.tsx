import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from '../lib/class-names';
import { Kbd } from './kbd';

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'end';
  side?: 'top' | 'right' | 'bottom';
}

export function Menu({ trigger, children, align = 'end', side }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="appears z-50 max-h-[min(86dvh,44rem)] min-w-48 overflow-y-auto rounded-xl border border-line bg-panel p-1 shadow-float"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const row =
  'flex h-8.5 w-full items-center gap-2.5 rounded-lg px-2.5 outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover';

interface ItemProps {
  onSelect: () => void;
  icon?: ReactNode;
  shortcut?: string;
  danger?: boolean;
  disabled?: boolean;
  children: ReactNode;
}

export function MenuItem({ onSelect, icon, shortcut, danger, disabled, children }: ItemProps) {
  return (
    <Radix.Item onSelect={onSelect} disabled={disabled} className={cx(row, danger && 'text-bad')}>
      {icon && <span className={cx('flex', !danger && 'text-muted')}>{icon}</span>}
      <span className="flex-1 truncate">{children}</span>
      {shortcut && <Kbd>{shortcut}</Kbd>}
    </Radix.Item>
  );
}

/** One of several, the chosen one ticked. */
export function MenuChoice({ chosen, onSelect, icon, children }: { chosen: boolean } & ItemProps) {
  return (
    <Radix.CheckboxItem checked={chosen} onSelect={onSelect} className={row}>
      {icon && <span className="flex text-muted">{icon}</span>}
      <span className="flex-1 truncate">{children}</span>
      <Radix.ItemIndicator>
        <Check className="size-4 text-accent" aria-hidden />
      </Radix.ItemIndicator>
    </Radix.CheckboxItem>
  );
}

export function MenuHeading({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2.5 pt-2 pb-1 text-xs font-medium text-muted">{children}</Radix.Label>;
}
export const MenuLine = () => <Radix.Separator className="my-1 h-px bg-line" />;
