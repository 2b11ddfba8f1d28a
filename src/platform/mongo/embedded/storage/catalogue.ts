import type { Doc, Value } from '../bson/value';
import type { Collection } from './collection';
import type { IndexBuild } from './index-build';
import { defineIndex, type IndexDefinition } from './index-definition';

/** What the catalogue says of one collection. */
export interface CatalogueEntry {
  id: number;
  namespace: string;
  /** It is being made or removed: nobody finds it, and after a crash it is removed. */
  isNameless: boolean;
  indexes: IndexDefinition[];
  builds: IndexDefinition[];
  gone: number[];
}

export function writeEntry({ id, namespace, indexes, builds, gone }: Collection, isNameless: boolean): Doc {
  return new Map<string, Value>([
    ['id', id],
    ['namespace', namespace],
    ['indexes', indexes.map(writeIndex)],
    ...optional('isNameless', isNameless),
    ...optional('builds', builds.length > 0 && builds.map(({ index }: IndexBuild) => writeIndex(index))),
    ...optional('gone', gone.length > 0 && gone),
  ]);
}

const optional = (key: string, value: Value): [string, Value][] => (value === false ? [] : [[key, value]]);

const writeIndex = ({ number, spec, multikeyPaths, isShortened }: IndexDefinition): Doc =>
  new Map<string, Value>([
    ['number', number],
    ['spec', spec],
    ['multikeyPaths', [...multikeyPaths]],
    ['isShortened', isShortened],
    ['tellsTexts', true],
  ]);

export const readEntry = (entry: Doc): CatalogueEntry => ({
  id: entry.get('id') as number,
  namespace: entry.get('namespace') as string,
  isNameless: entry.get('isNameless') === true,
  indexes: (entry.get('indexes') as Doc[]).map(readIndex),
  builds: ((entry.get('builds') ?? []) as Doc[]).map(readIndex),
  gone: (entry.get('gone') ?? []) as number[],
});

const readIndex = (one: Doc): IndexDefinition =>
  defineIndex(one.get('number') as number, one.get('spec') as Doc, {
    multikeyPaths: multikeyPathsOf(one),
    isShortened: one.get('isShortened') === true || mayHoldOtherTexts(one),
  });

/** Earlier versions did not tell what texts stand in an index under a collation. */
const mayHoldOtherTexts = (entry: Doc): boolean =>
  (entry.get('spec') as Doc).has('collation') && entry.get('tellsTexts') !== true;

/** Earlier versions kept whether any field had been an array, and not which. */
function multikeyPathsOf(entry: Doc): Set<string> {
  const paths = entry.get('multikeyPaths') as string[] | undefined;
  if (paths) return new Set(paths);
  const key = (entry.get('spec') as Doc).get('key') as Doc;
  return new Set(entry.get('isMultikey') === false ? [] : key.keys());
}
