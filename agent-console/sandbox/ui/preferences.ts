import { create } from 'zustand';

export const languages = ['zh-CN', 'zh-TW', 'en'] as const;
export type Language = (typeof languages)[number];
export type Theme = 'light' | 'dark';

const LANGUAGE_KEY = 'parley.language';
const THEME_KEY = 'parley.theme';

/** The language and theme of the page: what was chosen, else what the browser wants. */
export const usePreferences = create<{ language: Language; theme: Theme }>(() => ({
  language: chosenLanguage(),
  theme: chosenTheme(),
}));

export function chooseLanguage(language: Language): void {
  localStorage.setItem(LANGUAGE_KEY, language);
  usePreferences.setState({ language });
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(THEME_KEY, theme);
  usePreferences.setState({ theme });
}

function chosenLanguage(): Language {
  const stored = localStorage.getItem(LANGUAGE_KEY);
  const known = languages.find((language) => language === stored);
  return known ?? navigator.languages.map(nearestLanguage).find((one) => one !== null) ?? 'en';
}

function nearestLanguage(wanted: string): Language | null {
  if (/^zh-(tw|hk|mo|hant)/i.test(wanted)) return 'zh-TW';
  if (/^zh/i.test(wanted)) return 'zh-CN';
  return /^en/i.test(wanted) ? 'en' : null;
}

function chosenTheme(): Theme {
  const stored = localStorage.getItem(THEME_KEY);
  if (stored === 'light' || stored === 'dark') return stored;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
