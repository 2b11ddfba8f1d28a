import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import type { Query } from '../query/find';
import { compileFilter } from '../query/matcher';
import { parseSort } from '../query/sort';
import { environmentOf } from './environment';

/** The search that a find, count or distinct asks for; checked, also where there is no collection. */
export function queryOf(body: Doc, now: Date, filterKey = 'filter'): Query {
  const environment = environmentOf(body, now);
  const query = {
    filter: docAt(body, filterKey) ?? new Map<string, Value>(),
    sort: parseSort(docAt(body, 'sort')),
    skip: countAt(body, 'skip'),
    limit: countAt(body, 'limit'),
    hint: body.get('hint'),
    environment,
  };
  compileFilter(query.filter, environment);
  return query;
}

function docAt(body: Doc, key: string): Doc | undefined {
  const value = body.get(key);
  if (value === undefined || value === null) return undefined;
  if (!isDoc(value))
    throw new StoreError(14, `BSON field '${key}' is the wrong type, expected type 'object'`);
  return value;
}

/** @throws StoreError for one that is below zero. */
export function countAt(body: Doc, key: string): number {
  const value = body.get(key);
  if (value === undefined || value === null) return 0;
  if (!isNumber(value)) throw new StoreError(14, `BSON field '${key}' is the wrong type, expected a number`);
  const count = Math.trunc(toDouble(value));
  if (count < 0)
    throw new StoreError(51024, `BSON field '${key}' value must be >= 0, actual value '${count}'`);
  return count;
}
