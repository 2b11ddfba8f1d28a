import { useSyncExternalStore } from 'react';
import { type Language, usePreferences } from '../preferences';

type Words = Record<string, string>;

/** By language and namespace. Chinese comes with the code that uses it. */
const dictionaries = new Map<string, Words>();
/** The languages that are not bundled, each one chunk with all its dictionaries by path, `…/<namespace>/words/<language>.json`. */
const lazyLanguages: Partial<Record<Language, () => Promise<{ default: Record<string, Words> }>>> = {
  'zh-TW': () => import('./zh-tw'),
  en: () => import('./en'),
};
const bundledLanguage: Language = 'zh-CN';

let spoken: Language = bundledLanguage;
const listeners = new Set<() => void>();

/** Starts in the language of the preferences and follows them. */
export async function startWords(): Promise<void> {
  usePreferences.subscribe(({ language }) => void speak(language));
  await speak(usePreferences.getState().language);
}

/** A language that cannot be fetched now leaves the page in the one it has. */
async function speak(language: Language): Promise<void> {
  if (language === spoken) return;
  const load = lazyLanguages[language];
  const fetched = load && (await load().catch(() => null));
  if (load && !fetched) return;
  for (const [path, words] of Object.entries(fetched?.default ?? {}))
    dictionaries.set(`${language}/${path.split('/').at(-3)}`, words);
  if (usePreferences.getState().language !== language) return;
  spoken = language;
  for (const tell of listeners) tell();
}

/** `apples_one` and `apples_other` are both asked for as `apples`, with a `count`. */
type KeyOf<W> = { [K in keyof W & string]: K extends `${infer Base}_${'one' | 'other'}` ? Base : K }[keyof W &
  string];
type Values = Record<string, string | number>;
export type Translate<W> = (key: KeyOf<W>, values?: Values) => string;

/** The words of one namespace (a feature, `ui` or `app`), checked against its Chinese dictionary. */
export function wordsOf<W extends Words>(namespace: string, chinese: W) {
  dictionaries.set(`${bundledLanguage}/${namespace}`, chinese);
  // One function a language, so that what is memoised on it is drawn anew when the language changes.
  const translators = new Map<Language, Translate<W>>();
  const translator = (language: Language): Translate<W> => {
    const known = translators.get(language) ?? ((key, values) => translate(language, namespace, key, values));
    translators.set(language, known);
    return known;
  };
  return {
    useWords: (): Translate<W> => translator(useSyncExternalStore(watch, () => spoken)),
    /** Outside of a component; in the language of the moment. */
    say: ((key, values) => translator(spoken)(key, values)) as Translate<W>,
  };
}

function watch(tell: () => void): () => void {
  listeners.add(tell);
  return () => void listeners.delete(tell);
}

function translate(language: Language, namespace: string, key: string, values: Values = {}): string {
  const words = dictionaries.get(`${language}/${namespace}`);
  const count = values['count'];
  const plural = typeof count === 'number' ? `${key}_${new Intl.PluralRules(language).select(count)}` : key;
  const text = words?.[plural] ?? words?.[`${key}_other`] ?? words?.[key];
  if (text === undefined)
    return language === bundledLanguage ? key : translate(bundledLanguage, namespace, key, values);
  return text.replace(/{{(\w+)}}/g, (_, name: string) => String(values[name] ?? ''));
}
