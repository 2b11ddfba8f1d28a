import { Search } from 'lucide-react';
import { cx } from '../lib/class-names';
import { Input } from './field';

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
}

export function SearchBox({ label, value, onChange, className }: Props) {
  return (
    <div role="search" className={cx('relative', className ?? 'w-full sm:w-64')}>
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted"
      />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        maxLength={100}
        onChange={(event) => onChange(event.target.value)}
        className="pl-9"
      />
    </div>
  );
}
