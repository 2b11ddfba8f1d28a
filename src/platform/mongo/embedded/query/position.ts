import { isDoc, type Doc, type Value } from '../bson/value';
import type { Environment } from './environment';
import { compileField, isOperators } from './matcher';

/**
 * The place in an array of the item by which a document met a filter: what `$` stands for in an update and in a
 * projection. Null when no condition is about an array. `under` asks for the conditions on one array only.
 */
export function findPosition(filter: Doc, doc: Doc, environment: Environment, under?: string): number | null {
  for (const [key, condition] of filter) {
    const at = key.startsWith('$')
      ? inLogical(key, condition, doc, environment, under)
      : inField(key, condition, doc, environment, under);
    if (at !== null) return at;
  }
  return null;
}

function inLogical(
  key: string,
  parts: Value,
  doc: Doc,
  environment: Environment,
  under?: string,
): number | null {
  if ((key !== '$and' && key !== '$or') || !Array.isArray(parts)) return null;
  for (const part of parts) {
    const at = isDoc(part) ? findPosition(part, doc, environment, under) : null;
    if (at !== null) return at;
  }
  return null;
}

const negative = ['$ne', '$nin', '$not'];

function inField(
  path: string,
  condition: Value,
  doc: Doc,
  environment: Environment,
  under?: string,
): number | null {
  if (isOperators(condition) && [...condition.keys()].every((operator) => negative.includes(operator)))
    return null;
  const keys = path.split('.');
  let value: Value | undefined = doc;
  for (const [index, key] of keys.entries()) {
    value = isDoc(value) ? value.get(key) : undefined;
    if (!Array.isArray(value)) continue;
    if (under !== undefined && keys.slice(0, index + 1).join('.') !== under) return null;
    return placeIn(value, keys.slice(index + 1), condition, environment);
  }
  return null;
}

/** The first item that alone would meet the condition. */
function placeIn(list: Value[], rest: string[], condition: Value, environment: Environment): number | null {
  const matches = compileField(['list', ...rest].join('.'), condition, environment);
  const at = list.findIndex((item) => matches(new Map([['list', [item]]])));
  return at < 0 ? null : at;
}
