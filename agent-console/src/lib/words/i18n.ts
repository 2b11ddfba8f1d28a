import { createInstance } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { type Language, usePreferences } from '../preferences';

const i18n = createInstance();

/** The languages that are not bundled, each one chunk with all its dictionaries. */
const lazyLanguages: Partial<Record<Language, () => Promise<{ default: Dictionaries }>>> = {
  'zh-TW': () => import('./zh-tw'),
  en: () => import('./en'),
};
/** By path, `…/<namespace>/words/<language>.json`. */
type Dictionaries = Record<string, Record<string, string>>;

/** Starts in the language of the preferences and follows them. */
export async function startWords(): Promise<void> {
  await i18n.use(initReactI18next).init({
    lng: 'zh-CN',
    fallbackLng: 'zh-CN',
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    react: { bindI18nStore: 'added' },
    resources: {},
  });
  for (const [namespace, words] of bundled) i18n.addResourceBundle('zh-CN', namespace, words);
  await speak(usePreferences.getState().language);
  usePreferences.subscribe(({ language }) => void speak(language));
}

async function speak(language: Language): Promise<void> {
  const load = lazyLanguages[language];
  if (load && !i18n.hasResourceBundle(language, 'ui')) {
    for (const [path, words] of Object.entries((await load()).default))
      i18n.addResourceBundle(language, namespaceOf(path), words);
  }
  if (i18n.language !== language) await i18n.changeLanguage(language);
}

const namespaceOf = (path: string): string => path.split('/').at(-3) ?? '';

const bundled = new Map<string, Record<string, string>>();

/** `apples_one` and `apples_other` are both asked for as `apples`, with a `count`. */
type KeyOf<W> = { [K in keyof W & string]: K extends `${infer Base}_${'one' | 'other'}` ? Base : K }[keyof W &
  string];
export type Translate<W> = (key: KeyOf<W>, values?: Record<string, string | number>) => string;

/** The words of one namespace (a feature, `ui` or `app`), checked against its Chinese dictionary. */
export function wordsOf<W extends Record<string, string>>(namespace: string, chinese: W) {
  bundled.set(namespace, chinese);
  if (i18n.isInitialized) i18n.addResourceBundle('zh-CN', namespace, chinese);
  return {
    useWords: (): Translate<W> => useTranslation(namespace, { i18n }).t as Translate<W>,
    /** Outside of a component; in the language of the moment. */
    say: ((key, values) => i18n.getFixedT(null, namespace)(key, values ?? {})) as Translate<W>,
  };
}
