import type { Collate } from '../bson/compare';
import type { Value } from '../bson/value';
import type { Collation } from './collation';
import { defaultMemory, type Memory } from './memory';

/** What a command gives to its filters and expressions besides the documents. */
export interface Environment {
  collation: Collation | null;
  collate: Collate | null;
  /** Under a collation: one form for all texts that are equal. */
  fold: ((text: string) => string) | null;
  /** `let` of the command, by name without `$$`. */
  variables: ReadonlyMap<string, Value | undefined>;
  now: Date;
  memory: Memory;
}

export const plainEnvironment: Environment = {
  collation: null,
  collate: null,
  fold: null,
  variables: new Map(),
  now: new Date(0),
  memory: defaultMemory,
};
