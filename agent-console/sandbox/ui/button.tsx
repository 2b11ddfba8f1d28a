import type { ButtonHTMLAttributes } from 'react';

const looks = {
  plain: 'border-line bg-panel text-ink hover:bg-raised',
  primary: 'border-transparent bg-accent text-on-accent hover:opacity-90',
  danger: 'border-bad/40 bg-panel text-bad hover:bg-bad-soft',
  on: 'border-warn/50 bg-warn-soft text-warn',
  quiet: 'border-transparent text-muted hover:bg-raised hover:text-ink',
};

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof looks;
  size?: 'small' | 'normal';
}

export function Button({ look = 'plain', size = 'normal', className = '', ...rest }: Props) {
  const room = size === 'small' ? 'h-7 px-2.5 text-xs rounded-md' : 'h-9 px-3 text-sm rounded-lg';
  return (
    <button
      type="button"
      className={`inline-flex shrink-0 items-center justify-center gap-1.5 border font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-50 ${room} ${looks[look]} ${className}`}
      {...rest}
    />
  );
}
