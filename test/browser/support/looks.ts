export type Theme = 'light' | 'dark';
export type Language = 'zh-CN' | 'zh-TW' | 'en';

/** How a person sees the page: the size of the screen, the theme and the language of the browser. */
export interface Look {
  width: number;
  height: number;
  theme: Theme;
  language: Language;
}

export const desktop: Look = { width: 1440, height: 900, theme: 'light', language: 'zh-CN' };
export const tablet: Look = { ...desktop, width: 1024, height: 768 };
export const phone: Look = { ...desktop, width: 390, height: 844 };

export const themes: Theme[] = ['light', 'dark'];
export const languages: Language[] = ['zh-CN', 'zh-TW', 'en'];

/** Every theme in every language. */
export const themesAndLanguages = themes.flatMap((theme) =>
  languages.map((language) => ({ theme, language })),
);
