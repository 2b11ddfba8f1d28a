import { LogOut, Settings2, Smartphone } from 'lucide-react';
import { agentStatuses } from '../../../../src/domain/role';
import { changeMyStatus } from '../../lib/presence';
import { type Language, languages, prefer, themes, usePreferences } from '../../lib/preferences';
import { signOut, useMe } from '../../lib/session';
import { Avatar, PresenceDot } from '../../ui/avatar';
import { Menu, MenuChoice, MenuHeading, MenuItem, MenuLine } from '../../ui/menu';
import { useUiWords } from '../../ui/words';
import { openOverlay } from '../palette/overlays';
import { useAppWords } from '../words';

/** Each language in its own words, so that everybody finds theirs. */
const languageNames: Record<Language, string> = { 'zh-CN': '简体中文', 'zh-TW': '繁體中文', en: 'English' };

export function AccountMenu() {
  const t = useAppWords();
  const ui = useUiWords();
  const me = useMe();
  const { theme, language } = usePreferences();
  const trigger = (
    <button type="button" aria-label={`${t('account')}: ${me.name}`} className="rounded-full">
      <Avatar name={me.name} size="small" presence={me.status} />
    </button>
  );
  return (
    <Menu trigger={trigger} side="top" align="start">
      <div className="px-2.5 py-2">
        <p className="font-medium">{me.name}</p>
        <p className="text-xs text-muted">
          {ui(`role.${me.role}`)} · {me.email}
        </p>
      </div>
      <MenuLine />
      <MenuHeading>{t('myStatus')}</MenuHeading>
      {agentStatuses.map((status) => (
        <MenuChoice
          key={status}
          chosen={status === me.status}
          onSelect={() => void changeMyStatus(status)}
          icon={<PresenceDot presence={status} />}
        >
          {ui(`presence.${status}`)}
        </MenuChoice>
      ))}
      <MenuLine />
      <MenuHeading>{t('theme')}</MenuHeading>
      {themes.map((one) => (
        <MenuChoice key={one} chosen={one === theme} onSelect={() => prefer({ theme: one })}>
          {t(`theme.${one}`)}
        </MenuChoice>
      ))}
      <MenuHeading>{t('language')}</MenuHeading>
      {languages.map((one) => (
        <MenuChoice key={one} chosen={one === language} onSelect={() => prefer({ language: one })}>
          {languageNames[one]}
        </MenuChoice>
      ))}
      <MenuLine />
      <MenuItem
        icon={<Settings2 className="size-4" aria-hidden />}
        onSelect={() => openOverlay('preferences')}
      >
        {t('preferences')}
      </MenuItem>
      <MenuItem
        icon={<Smartphone className="size-4" aria-hidden />}
        onSelect={() => void window.open('/sandbox', '_blank')}
      >
        {t('sandbox')}
      </MenuItem>
      <MenuItem icon={<LogOut className="size-4" aria-hidden />} onSelect={() => void signOut()}>
        {t('signOut')}
      </MenuItem>
    </Menu>
  );
}
