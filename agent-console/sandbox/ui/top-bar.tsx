import { Moon, RotateCcw, Smartphone, SquareArrowOutUpRight, Sun, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../i18n/use-words';
import { api } from '../state/api';
import { attempt } from '../state/live';
import { Button } from './button';
import { type Language, chooseLanguage, chooseTheme, languages, usePreferences } from './preferences';

const RUSH_MS = 20_000;
const languageNames: Record<Language, string> = { 'zh-CN': '简体中文', 'zh-TW': '繁體中文', en: 'English' };

export function TopBar() {
  const words = useWords();
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-panel px-4 py-2.5 sm:px-6">
      <div className="flex min-w-0 items-center gap-3">
        <span className="grid size-9 shrink-0 place-items-center rounded-xl bg-accent text-on-accent">
          <Smartphone className="size-5" aria-hidden />
        </span>
        <div className="min-w-0">
          <h1 className="text-base leading-tight font-semibold">Parley {words('title')}</h1>
          <p className="truncate text-xs text-muted">{words('subtitle')}</p>
        </div>
      </div>
      <div className="ml-auto flex items-center gap-1.5 sm:gap-2">
        <RushButton />
        <ResetButton />
        <LanguageChoice />
        <ThemeSwitch />
        <a
          href="/"
          target="_blank"
          rel="noreferrer"
          className="inline-flex h-9 items-center gap-1.5 rounded-lg bg-accent px-3 text-sm font-medium whitespace-nowrap text-on-accent hover:opacity-90"
        >
          <SquareArrowOutUpRight className="size-4" aria-hidden />
          <span className="max-sm:sr-only">{words('openConsole')}</span>
        </a>
      </div>
    </header>
  );
}

function RushButton() {
  const words = useWords();
  const [isRushing, setRushing] = useState(false);
  const rush = async () => {
    setRushing(true);
    await api.rush().catch(() => undefined);
    setTimeout(() => setRushing(false), RUSH_MS);
  };
  return (
    <Button disabled={isRushing} onClick={() => void rush()}>
      <UsersRound className="size-4" aria-hidden />
      <span className="max-sm:sr-only">{words(isRushing ? 'rushing' : 'rush')}</span>
    </Button>
  );
}

function ResetButton() {
  const words = useWords();
  const reset = () => {
    if (confirm(words('resetConfirm'))) attempt(api.reset());
  };
  return (
    <Button look="quiet" onClick={reset} title={words('reset')}>
      <RotateCcw className="size-4" aria-hidden />
      <span className="max-sm:sr-only">{words('reset')}</span>
    </Button>
  );
}

function LanguageChoice() {
  const words = useWords();
  const language = usePreferences((state) => state.language);
  return (
    <select
      aria-label={words('language')}
      value={language}
      onChange={(event) => chooseLanguage(event.target.value as Language)}
      className="h-9 rounded-lg border border-line bg-panel px-2 text-sm"
    >
      {languages.map((one) => (
        <option key={one} value={one}>
          {languageNames[one]}
        </option>
      ))}
    </select>
  );
}

function ThemeSwitch() {
  const words = useWords();
  const isDark = usePreferences((state) => state.theme === 'dark');
  const label = words(isDark ? 'lightMode' : 'darkMode');
  const Icon = isDark ? Sun : Moon;
  return (
    <Button
      look="quiet"
      aria-label={label}
      title={label}
      onClick={() => chooseTheme(isDark ? 'light' : 'dark')}
    >
      <Icon className="size-4" aria-hidden />
    </Button>
  );
}
