import type { Collate } from '../bson/compare';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';

export interface Collation {
  /** Equal ones have one name. */
  name: string;
  /** Do its plain texts, folded, stand in its order? Then an index under it answers for texts. */
  keepsOrder: boolean;
  collate: Collate;
  /** Equal texts have one form: what an index under this collation keeps. */
  fold(text: string): string;
}

const options = [
  'locale', 'strength', 'caseLevel', 'caseFirst', 'numericOrdering', 'alternate', 'maxVariable', 'normalization',
  'backwards', 'version',
]; // prettier-ignore

/** Null for none and for `simple`. @throws StoreError for one that is not known. */
export function parseCollation(value: Value | undefined): Collation | null {
  if (value === undefined || value === null) return null;
  if (!isDoc(value))
    throw new StoreError(14, "BSON field 'collation' is the wrong type, expected type 'object'");
  if (value.size === 0) return null;
  const unknown = [...value.keys()].find((key) => !options.includes(key));
  if (unknown) throw new StoreError(40415, `BSON field 'collation.${unknown}' is an unknown field.`);
  const locale = value.get('locale');
  if (typeof locale !== 'string')
    throw new StoreError(40414, "BSON field 'collation.locale' is missing but a required field");
  return locale === 'simple' ? null : collationOf(requireLocale(locale), value);
}

function requireLocale(locale: string): string {
  try {
    const [known] = Intl.Collator.supportedLocalesOf(locale.replaceAll('_', '-'));
    if (known) return known;
  } catch {
    // Falls through: not even the form of a locale.
  }
  throw new StoreError(2, `Field 'locale' is invalid in: { locale: "${locale}" }`);
}

function collationOf(locale: string, value: Doc): Collation {
  const strength = numberOf(value.get('strength')) ?? 3;
  if (![1, 2, 3, 4, 5].includes(strength)) throw new StoreError(2, 'Field strength must be from 1 to 5');
  const caseLevel = value.get('caseLevel') === true;
  const collator = new Intl.Collator(locale, {
    sensitivity:
      strength === 1 ? (caseLevel ? 'case' : 'base') : strength === 2 && !caseLevel ? 'accent' : 'variant',
    numeric: value.get('numericOrdering') === true,
    caseFirst: (value.get('caseFirst') as 'upper' | 'lower' | undefined) === 'upper' ? 'upper' : 'false',
    ignorePunctuation: value.get('alternate') === 'shifted',
  });
  const isOfLetters = strength <= 2 && !caseLevel && value.get('numericOrdering') !== true;
  return {
    name: JSON.stringify([locale, ...options.slice(1).map((option) => String(value.get(option) ?? ''))]),
    keepsOrder: isOfLetters && value.get('alternate') !== 'shifted' && inOrderOfBytes(locale, collator),
    collate: collator.compare,
    fold: folder(strength, caseLevel),
  };
}

const plainCharacters = ' 0123456789abcdefghijklmnopqrstuvwxyz';
const knownOrders = new Map<string, boolean>();

/** Not so where a language has letters of two, or another order of them: Czech, Danish, Estonian and others. */
function inOrderOfBytes(locale: string, { compare }: Intl.Collator): boolean {
  const known = knownOrders.get(locale);
  if (known !== undefined) return known;
  const texts = [...plainCharacters].flatMap((one) => ['', ...plainCharacters].map((next) => one + next));
  const isSo = texts.every((text, at) => at === 0 || compare(texts[at - 1] as string, text) < 0);
  knownOrders.set(locale, isSo);
  return isSo;
}

const plain = /^[ 0-9A-Za-z]*$/;

/** Are all texts in it made of what every language has, and no symbol? Of others the folded form may tell too little. */
export function isPlainText(value: Value): boolean {
  if (typeof value === 'string') return plain.test(value);
  if (Array.isArray(value)) return value.every(isPlainText);
  if (isDoc(value)) return [...value.values()].every(isPlainText);
  return (value as { _bsontype?: string } | null)?._bsontype !== 'BSONSymbol';
}

function folder(strength: number, caseLevel: boolean): (text: string) => string {
  return (text) => {
    const parts = text.normalize('NFD');
    const letters = strength === 1 ? parts.replace(/\p{M}/gu, '') : parts;
    return strength <= 2 && !caseLevel ? letters.toLowerCase() : letters;
  };
}

const numberOf = (value: Value | undefined): number | undefined =>
  isNumber(value) ? toDouble(value) : undefined;

/** A value with its texts folded, as an index under a collation keeps it. */
export function folded(value: Value, fold: Collation['fold']): Value {
  if (typeof value === 'string') return fold(value);
  if (Array.isArray(value)) return value.map((item) => folded(item, fold));
  return isDoc(value) ? new Map([...value].map(([key, item]) => [key, folded(item, fold)])) : value;
}
