import { Link, useNavigate } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { Menu, MenuItem } from '../../ui/menu';
import { useUiWords } from '../../ui/words';
import { useAppWords } from '../words';
import { AccountMenu } from './account-menu';
import { useScreens } from './use-screens';

const item =
  'flex min-w-0 flex-1 flex-col items-center gap-0.5 px-1 pt-2 pb-1.5 text-[11px] text-muted aria-[current]:font-medium aria-[current]:text-accent-ink';

/** The rail of a narrow screen: the first screens, the others behind "more". */
export function BottomBar() {
  const t = useAppWords();
  const ui = useUiWords();
  const navigate = useNavigate();
  const shown = useScreens();
  const more = (
    <button type="button" className={item}>
      <Ellipsis className="size-5" aria-hidden />
      {ui('more')}
    </button>
  );
  return (
    <nav
      aria-label={t('navigation')}
      data-bottom-bar
      className="flex shrink-0 items-stretch border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {shown.slice(0, 3).map(({ to, name, icon: Icon }) => (
        <Link key={to} to={to} className={item}>
          <Icon className="size-5" strokeWidth={1.75} aria-hidden />
          <span className="max-w-full truncate">{t(name)}</span>
        </Link>
      ))}
      <Menu trigger={more} side="top">
        {shown.slice(3).map(({ to, name, icon: Icon }) => (
          <MenuItem
            key={to}
            icon={<Icon className="size-4" aria-hidden />}
            onSelect={() => void navigate({ to })}
          >
            {t(name)}
          </MenuItem>
        ))}
      </Menu>
      <span className="flex flex-1 items-center justify-center">
        <AccountMenu />
      </span>
    </nav>
  );
}
