import { type Language, usePreferences } from '../ui/preferences';
import { en } from './en';
import { type WordKey, type Words, zhCN } from './zh-cn';
import { zhTW } from './zh-tw';

const all: Record<Language, Words> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en };

export type Translate = (key: WordKey, values?: Record<string, string | number>) => string;

/** The page's words in the chosen language; `{name}` is filled from the values. */
export function useWords(): Translate {
  const words = all[usePreferences(({ language }) => language)];
  return (key, values = {}) =>
    words[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
