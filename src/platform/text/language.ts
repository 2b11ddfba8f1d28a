import { isTraditional } from './chinese';
import { scriptOf } from './script';

export type Language = 'zh-CN' | 'zh-TW' | 'en';

/** The language of a message; `before` for one that tells nothing (a number, an emoji). */
export function languageOf(text: string, before: string | null): Language {
  const script = scriptOf(text);
  if (script === 'latin') return 'en';
  if (script === 'han') {
    if (isTraditional(text)) return 'zh-TW';
    // Short words look alike in both scripts: who wrote traditional goes on doing so.
    return before === 'zh-TW' && text.length <= 6 ? 'zh-TW' : 'zh-CN';
  }
  return known(before);
}

function known(before: string | null): Language {
  if (!before) return 'zh-CN';
  if (/^zh.*(tw|hk|mo|hant)/i.test(before)) return 'zh-TW';
  return before.startsWith('zh') ? 'zh-CN' : 'en';
}
