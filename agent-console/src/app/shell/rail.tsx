import { Link } from '@tanstack/react-router';
import { useAppWords } from '../words';
import { AccountMenu } from './account-menu';
import { ConnectionMark } from './connection-mark';
import { useScreens } from './use-screens';

export function Rail() {
  const t = useAppWords();
  const shown = useScreens();
  return (
    <nav
      aria-label={t('navigation')}
      className="hidden w-19 shrink-0 flex-col items-center gap-1 overflow-y-auto bg-rail py-3 text-rail-muted md:flex"
    >
      <img src="/icon.svg" alt="Parley" className="mb-3 size-9 shrink-0" />
      {shown.map(({ to, name, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          className="flex w-17 shrink-0 flex-col items-center gap-1 rounded-xl px-0.5 py-2 text-[11px] leading-tight outline-offset-0! transition-colors hover:text-rail-ink focus-visible:outline-rail-ink aria-[current]:bg-rail-selected aria-[current]:font-medium aria-[current]:text-rail-ink"
        >
          <Icon className="size-5" strokeWidth={1.75} aria-hidden />
          <span className="max-w-full truncate">{t(name)}</span>
        </Link>
      ))}
      <div className="mt-auto flex flex-col items-center gap-3 pt-3">
        <ConnectionMark />
        <AccountMenu />
      </div>
    </nav>
  );
}
