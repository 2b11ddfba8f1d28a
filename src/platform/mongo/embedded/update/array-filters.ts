import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import type { Environment } from '../query/environment';
import { compileFilter } from '../query/matcher';

/** Filters of `arrayFilters` by the name at the beginning of their fields. */
export function compileArrayFilters(
  filters: Value | undefined,
  environment: Environment,
): Map<string, (item: Value) => boolean> {
  const byName = new Map<string, (item: Value) => boolean>();
  if (filters === undefined) return byName;
  if (!Array.isArray(filters)) throw new StoreError(14, 'arrayFilters must be an array');
  for (const filter of filters) {
    if (!isDoc(filter)) throw new StoreError(14, 'arrayFilters must be objects');
    const name = nameOf(filter);
    if (byName.has(name))
      throw new StoreError(9, `Found multiple array filters with the same top-level field name ${name}`);
    const matches = compileFilter(filter, environment);
    byName.set(name, (item) => matches(new Map([[name, item]])));
  }
  return byName;
}

function nameOf(filter: Doc): string {
  const names = new Set(fieldNames(filter));
  const [name] = names;
  if (name === undefined)
    throw new StoreError(9, 'Cannot use an expression without a top-level field name in arrayFilters');
  if (names.size > 1)
    throw new StoreError(
      9,
      `Error parsing array filter: expected a single top-level field name, found ${[...names].join(', ')}`,
    );
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name))
    throw new StoreError(
      2,
      `The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
    );
  return name;
}

function* fieldNames(filter: Doc): Generator<string> {
  for (const [key, value] of filter)
    if (!key.startsWith('$')) yield key.split('.')[0] as string;
    else if (Array.isArray(value)) for (const part of value) if (isDoc(part)) yield* fieldNames(part);
}
