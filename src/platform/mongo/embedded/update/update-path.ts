import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';

/** What the parts `$`, `$[]` and `$[name]` of an update's path stand for. */
export interface PathContext {
  /** The item by which the document met the filter. */
  position: number | null;
  /** `arrayFilters` by their names. */
  filters: ReadonlyMap<string, (item: Value) => boolean>;
}

const isPositional = (key: string): boolean => key === '$' || key.startsWith('$[');

/** The paths of a document that one path of an update means: itself, or one for each item that it names. */
export function expandPath(doc: Doc, path: string, context: PathContext): string[] {
  if (!path.includes('$')) return [path];
  let paths: { done: string[]; value: Value | undefined }[] = [{ done: [], value: doc }];
  for (const key of path.split('.'))
    paths = paths.flatMap(({ done, value }) =>
      (isPositional(key) ? placesOf(key, value, path, context) : [key]).map((place) => ({
        done: [...done, place],
        value: childOf(value, place),
      })),
    );
  return paths.map(({ done }) => done.join('.'));
}

function placesOf(
  key: string,
  value: Value | undefined,
  path: string,
  { position, filters }: PathContext,
): string[] {
  if (key === '$') {
    if (position === null)
      throw new StoreError(2, 'The positional operator did not find the match needed from the query.');
    return [String(position)];
  }
  if (value === undefined)
    throw new StoreError(2, `The path '${path}' must exist in the document in order to apply array updates.`);
  if (!Array.isArray(value))
    throw new StoreError(2, `Cannot apply array updates to non-array element of '${path}'`);
  const name = key.slice(2, -1);
  const matches = name === '' ? () => true : filters.get(name);
  if (!matches) throw new StoreError(2, `No array filter found for identifier '${name}' in path '${path}'`);
  return value.flatMap((item, at) => (matches(item) ? [String(at)] : []));
}

function childOf(value: Value | undefined, key: string): Value | undefined {
  if (isDoc(value)) return value.get(key);
  return Array.isArray(value) && /^\d+$/.test(key) ? value[Number(key)] : undefined;
}

/** The names of `$[name]` in a path. */
export const filterNames = (path: string): string[] =>
  path.includes('$[')
    ? path.split('.').flatMap((key) => (key.startsWith('$[') && key !== '$[]' ? [key.slice(2, -1)] : []))
    : [];
