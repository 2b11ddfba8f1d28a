import { Int32, type Binary } from 'bson';
import { typeNumber, type Value } from '../bson/value';
import { StoreError } from '../error';
import { compileRegex, isRegex, regexOf } from '../query/regex';
import { isNothing, overList, overNamed, overPresent, typeName, wholeNumber } from './operands';
import { toText } from './to-text';
import type { Operator, Operators } from './scope';

const whitespace =
  '\0 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a';

export const stringOperators: Operators = {
  $concat: overPresent(0, Infinity, (parts) => parts.map((part) => text(part, '$concat', 16702)).join('')),
  // Only ASCII letters change, as in MongoDB.
  $toUpper: overList(1, 1, ([value]) => lenient(value).replace(/[a-z]+/g, (part) => part.toUpperCase())),
  $toLower: overList(1, 1, ([value]) => lenient(value).replace(/[A-Z]+/g, (part) => part.toLowerCase())),
  $trim: trimming(true, true),
  $ltrim: trimming(true, false),
  $rtrim: trimming(false, true),
  $split: overPresent(2, 2, ([value, by]) => {
    const separator = text(by, '$split', 40086);
    if (separator === '') throw new StoreError(40087, '$split requires a non-empty separator');
    return text(value, '$split', 40085).split(separator);
  }),
  $strLenCP: overList(1, 1, ([value]) => new Int32([...text(value, '$strLenCP', 34471)].length)),
  $strLenBytes: overList(1, 1, ([value]) => new Int32(Buffer.byteLength(text(value, '$strLenBytes', 34473)))),
  $binarySize: overPresent(1, 1, ([value]) => {
    if (typeof value === 'string') return new Int32(Buffer.byteLength(value));
    if (typeNumber(value as Value) === 5) return new Int32((value as Binary).position);
    throw new StoreError(51276, '$binarySize requires a string or BinData argument');
  }),
  $substrCP: overList(3, 3, ([value, from, count]) => {
    const points = [...lenient(value)];
    const start = wholeNumber(from, new StoreError(34450, '$substrCP takes whole numbers'));
    const length = wholeNumber(count, new StoreError(34452, '$substrCP takes whole numbers'));
    if (length < 0) throw new StoreError(34454, '$substrCP: length must be non-negative');
    if (start < 0) throw new StoreError(34455, '$substrCP: the starting index must be non-negative');
    return points.slice(start, start + length).join('');
  }),
  $substrBytes: substrBytes(),
  $substr: substrBytes(),
  $indexOfCP: indexOf('$indexOfCP', 40093, (value) => [...value]),
  $indexOfBytes: indexOf('$indexOfBytes', 40091, (value) => [...Buffer.from(value).toString('latin1')]),
  $strcasecmp: overList(2, 2, ([a, b]) => {
    const [left, right] = [lenient(a).toUpperCase(), lenient(b).toUpperCase()];
    return new Int32(left < right ? -1 : left > right ? 1 : 0);
  }),
  $replaceOne: replacing('$replaceOne', (input, find, by) => input.replace(find, () => by)),
  $replaceAll: replacing('$replaceAll', (input, find, by) => input.replaceAll(find, () => by)),
  $regexMatch: matching('$regexMatch', (regex, input) => regex.test(input), false),
  $regexFind: matching('$regexFind', (regex, input) => found(regex.exec(input), input), null),
  $regexFindAll: matching(
    '$regexFindAll',
    (regex, input) =>
      [...input.matchAll(new RegExp(regex.source, `${regex.flags}g`))].map((match) => found(match, input)),
    [],
  ),
};

function text(value: Value | undefined, name: string, code: number): string {
  if (typeof value === 'string') return value;
  throw new StoreError(code, `${name} only supports strings, not ${typeName(value)}`);
}

/** Null and nothing are the empty text; numbers and dates are written, but no ids. */
function lenient(value: Value | undefined): string {
  if (isNothing(value)) return '';
  const written = toText(value);
  if (written === null || typeof value === 'boolean' || typeNumber(value) === 7)
    throw new StoreError(16007, `can't convert from BSON type ${typeName(value)} to String`);
  return written;
}

function trimming(left: boolean, right: boolean): Operator {
  return overNamed(['input'], ['chars'], ({ input, chars }, _scope, name) => {
    if (isNothing(input)) return null;
    const points = [...text(input, name, 50699)];
    if (chars === null) return null;
    const gone = new Set(chars === undefined ? whitespace : text(chars, name, 50700));
    let [from, to] = [0, points.length];
    while (left && from < to && gone.has(points[from] as string)) from++;
    while (right && to > from && gone.has(points[to - 1] as string)) to--;
    return points.slice(from, to).join('');
  });
}

function substrBytes(): Operator {
  return overList(3, 3, ([value, from, count]) => {
    const bytes = Buffer.from(lenient(value));
    const start = wholeNumber(from, new StoreError(16034, '$substrBytes takes whole numbers'));
    const length = wholeNumber(count, new StoreError(16035, '$substrBytes takes whole numbers'));
    if (start < 0) throw new StoreError(50752, '$substrBytes: starting index must be non-negative');
    const end = length < 0 ? bytes.length : start + length;
    if (isInsideCharacter(bytes, start))
      throw new StoreError(
        28656,
        '$substrBytes: Invalid range, starting index is a UTF-8 continuation byte.',
      );
    if (isInsideCharacter(bytes, end))
      throw new StoreError(
        28657,
        '$substrBytes: Invalid range, ending index is in the middle of a UTF-8 character.',
      );
    return bytes.subarray(start, end).toString('utf8');
  });
}
const isInsideCharacter = (bytes: Buffer, at: number): boolean =>
  at < bytes.length && ((bytes[at] as number) & 0xc0) === 0x80;

function indexOf(name: string, code: number, units: (value: string) => string[]): Operator {
  return overList(2, 4, ([value, wanted, start, end]) => {
    if (isNothing(value)) return null;
    const [all, part] = [units(text(value, name, code)), units(text(wanted, name, code + 1))];
    const from =
      start === undefined ? 0 : wholeNumber(start, new StoreError(40096, `${name} takes whole numbers`));
    const to = Math.min(
      all.length,
      end === undefined ? Infinity : wholeNumber(end, new StoreError(40096, `${name} takes whole numbers`)),
    );
    for (let at = from; at + part.length <= to; at++)
      if (part.every((unit, index) => all[at + index] === unit)) return new Int32(at);
    return new Int32(-1);
  });
}

function replacing(name: string, replace: (input: string, find: string, by: string) => string): Operator {
  return overNamed(['input', 'find', 'replacement'], [], ({ input, find, replacement }) => {
    const parts = [input, find, replacement];
    const wrong = parts.findIndex((part) => !isNothing(part) && typeof part !== 'string');
    if (wrong >= 0)
      throw new StoreError(51746 - wrong, `${name} requires strings, found ${typeName(parts[wrong])}`);
    return parts.some(isNothing) ? null : replace(...(parts as [string, string, string]));
  });
}

function matching(name: string, apply: (regex: RegExp, input: string) => Value, ifNothing: Value): Operator {
  return overNamed(['input', 'regex'], ['options'], ({ input, regex, options }) => {
    if (!isNothing(input) && typeof input !== 'string')
      throw new StoreError(51104, `${name} needs 'input' to be of type string`);
    if (isNothing(input) || isNothing(regex)) return ifNothing;
    if (typeof regex !== 'string' && !isRegex(regex))
      throw new StoreError(51105, `${name} needs 'regex' to be of type string or regex`);
    const flags = isNothing(options) ? '' : text(options, name, 51106);
    const compiled =
      typeof regex === 'string'
        ? compileRegex(regex, flags, 51111)
        : flags
          ? compileRegex(regex.pattern, flags, 51111)
          : regexOf(regex);
    return apply(compiled, input);
  });
}

/** Places are counted in code points. */
function found(match: RegExpMatchArray | null, input: string): Value {
  if (!match) return null;
  return new Map<string, Value>([
    ['match', match[0]],
    ['idx', new Int32([...input.slice(0, match.index)].length)],
    ['captures', match.slice(1).map((part) => (part as string | undefined) ?? null)],
  ]);
}
