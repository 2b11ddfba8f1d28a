import { isDoc, type Value } from '../bson/value';
import type { IndexDefinition } from '../storage/index-definition';
import type { Bounds } from './bounds';
import { folded, isPlainText, type Collation } from './collation';

/** What of a filter and its sort an index can answer under the collation of a query. */
export interface Usable {
  fields: Map<string, Bounds>;
  /** Has something been left out? Then its keys do not say all that the filter says. */
  isLess: boolean;
  /** Does its order of texts count? */
  sortsTexts: boolean;
}

/**
 * Texts in the keys of an index are those of its own collation: where the query has another one, only what is no text
 * begins or ends a range. Where it has the same, texts are looked up in the form that the index keeps.
 */
export function boundsUnder(
  collation: Collation | null,
  index: IndexDefinition,
  fields: Map<string, Bounds>,
): Usable {
  if (!collation && !index.collation) return { fields, isLess: false, sortsTexts: true };
  const isSame = collation !== null && collation.name === index.collation?.name;
  const sortsTexts = isSame && collation.keepsOrder && !index.isShortened;
  const usable: Usable = { fields: new Map(), isLess: false, sortsTexts };
  const asKept = (value: Value): Value | undefined => {
    if (!holdsText(value)) return value;
    return sortsTexts && isPlainText(value) ? folded(value, collation.fold) : undefined;
  };
  for (const [path, bounds] of fields) {
    const kept = keptOf(bounds, asKept);
    usable.fields.set(path, kept.bounds);
    usable.isLess ||= kept.isLess;
  }
  return usable;
}

function keptOf(
  { equals, all, above, below }: Bounds,
  asKept: (value: Value) => Value | undefined,
): { bounds: Bounds; isLess: boolean } {
  const list = (values: Value[] | null) => {
    const kept = values?.map(asKept) ?? [];
    return values && kept.every((value) => value !== undefined) ? kept : null;
  };
  const end = (bound: Bounds['above']) => {
    const value = bound ? asKept(bound.value) : undefined;
    return bound && value !== undefined ? { ...bound, value } : null;
  };
  const bounds = { equals: list(equals), all: list(all), above: end(above), below: end(below) };
  const isLess = (Object.keys(bounds) as (keyof Bounds)[]).some(
    (name) => bounds[name] === null && { equals, all, above, below }[name] !== null,
  );
  return { bounds, isLess };
}

function holdsText(value: Value): boolean {
  if (typeof value === 'string') return true;
  if (Array.isArray(value)) return value.some(holdsText);
  if (isDoc(value)) return [...value.values()].some(holdsText);
  return (value as { _bsontype?: string } | null)?._bsontype === 'BSONSymbol';
}
