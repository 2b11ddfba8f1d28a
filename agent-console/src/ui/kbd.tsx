import { cx } from '../lib/class-names';

/** A key to press. */
export function Kbd({ children, tone }: { children: string; tone?: 'inverted' }) {
  return (
    <kbd
      className={cx(
        'rounded border px-1 font-sans text-[11px] leading-4',
        tone === 'inverted' ? 'border-panel/35 text-panel' : 'border-line bg-raised text-muted',
      )}
    >
      {children}
    </kbd>
  );
}
