import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export const languages = ['zh-CN', 'zh-TW', 'en'] as const;
export type Language = (typeof languages)[number];
export const themes = ['light', 'dark', 'system'] as const;
export type Theme = (typeof themes)[number];

export interface Preferences {
  language: Language;
  theme: Theme;
  /** Single-key shortcuts can be switched off (WCAG 2.1.4). */
  shortcuts: boolean;
  /** Ctrl+Enter sends instead of Enter. */
  ctrlEnterSends: boolean;
  sound: boolean;
  desktopNotifications: boolean;
}

/** What a person chose in this browser; the language is else what the browser wants. */
export const usePreferences = create<Preferences>()(
  persist(
    (): Preferences => ({
      language: navigator.languages.map(nearestLanguage).find((one) => one !== null) ?? 'en',
      theme: 'system',
      shortcuts: true,
      ctrlEnterSends: false,
      sound: false,
      desktopNotifications: false,
    }),
    { name: 'parley.preferences' },
  ),
);

export const prefer = (change: Partial<Preferences>): void => {
  usePreferences.setState(change);
};

/** Keeps the page's theme and language as chosen, and follows the system where it was not. */
export function applyPreferences(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const { theme, language } = usePreferences.getState();
    document.documentElement.dataset['theme'] =
      theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    document.documentElement.lang = language;
  };
  usePreferences.subscribe(apply);
  dark.addEventListener('change', apply);
  apply();
}

function nearestLanguage(wanted: string): Language | null {
  if (/^zh-(tw|hk|mo|hant)/i.test(wanted)) return 'zh-TW';
  if (/^zh/i.test(wanted)) return 'zh-CN';
  return /^en/i.test(wanted) ? 'en' : null;
}
