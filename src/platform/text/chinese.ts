import { Converter } from 'opencc-js';
import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict';

const converter = Converter({ from: 'tw', to: 'cn' });
/** Latin texts have nothing to convert. */
const eastAsian = /[\u2e80-\uffff]/;
let jieba: Jieba | null = null;

const mostKept = 256;
const longestKept = 1_000;
/** One message is looked at from several sides: its language, its wish, its answer. */
const converted = new Map<string, string>();

function convert(text: string): string {
  if (!eastAsian.test(text)) return text;
  const known = converted.get(text);
  if (known !== undefined) return known;
  const simplified = converter(text);
  if (converted.size >= mostKept) converted.clear();
  if (text.length <= longestKept) converted.set(text, simplified);
  return simplified;
}

/** Traditional characters as simplified ones: both scripts are one language to search in. */
export const toSimplified = (text: string): string => convert(text).replaceAll('帐', '账');

/** Was it written with traditional characters? */
export const isTraditional = (text: string): boolean => convert(text) !== text;

/** Words as a search engine wants them: long words and the shorter ones inside. */
export function chineseWords(text: string): string[] {
  jieba ??= Jieba.withDict(dict);
  return jieba.cutForSearch(text, true);
}
