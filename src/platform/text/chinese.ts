import { Converter } from 'opencc-js';
import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict';

const convert = Converter({ from: 'tw', to: 'cn' });
let jieba: Jieba | null = null;

/** Traditional characters as simplified ones: both scripts are one language to search in. */
export const toSimplified = (text: string): string => convert(text).replaceAll('帐', '账');

/** Was it written with traditional characters? */
export const isTraditional = (text: string): boolean => convert(text) !== text;

/** Words as a search engine wants them: long words and the shorter ones inside. */
export function chineseWords(text: string): string[] {
  jieba ??= Jieba.withDict(dict);
  return jieba.cutForSearch(text, true);
}
