import type { BSONRegExp } from 'bson';
import { typeNumber, type Value } from '../bson/value';
import { StoreError } from '../error';

/** MongoDB's regular expressions are PCRE; what JavaScript cannot say is an error, never another match. */
export function compileRegex(pattern: string, options: string, code = 51091): RegExp {
  const unknown = [...options].find((option) => !'imsxu'.includes(option));
  if (unknown) throw new StoreError(51108, `invalid flag in regex options: ${unknown}`);
  const inline = /^\(\?([imsx]+)\)/.exec(pattern);
  const all = options + (inline?.[1] ?? '');
  const body = translated(inline ? pattern.slice(inline[0].length) : pattern, all.includes('x'));
  const flags = [...'ims'].filter((flag) => all.includes(flag)).join('');
  for (const unicode of ['u', ''])
    try {
      return new RegExp(body, flags + unicode);
    } catch {
      // Without `u` more escapes are allowed.
    }
  throw new StoreError(code, `Regular expression is invalid: ${pattern}`);
}

const sameMeaning: [RegExp, string][] = [
  [/\\A/g, '(?<![\\s\\S])'],
  [/\\z/g, '(?![\\s\\S])'],
  [/\\Z/g, '(?=\\n?(?![\\s\\S]))'],
  [/\\h/g, '[ \\t]'],
  [/\[\[:alpha:\]\]/g, '[A-Za-z]'],
  [/\[\[:digit:\]\]/g, '[0-9]'],
  [/\[\[:space:\]\]/g, '\\s'],
];

function translated(pattern: string, isExtended: boolean): string {
  const plain = isExtended ? pattern.replace(/\\[\s\S]|\[(?:\\.|[^\]])*\]|#.*$|\s+/gm, keepMeaning) : pattern;
  return sameMeaning.reduce((body, [from, to]) => body.replace(from, () => to), plain);
}

const keepMeaning = (part: string): string => (/^(\\|\[)/.test(part) ? part : '');

export const isRegex = (value: Value | undefined): value is BSONRegExp =>
  value !== undefined && typeNumber(value) === 11;

export const regexOf = (value: BSONRegExp): RegExp => compileRegex(value.pattern, value.options);
