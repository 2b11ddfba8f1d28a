import { StoreError } from '../error';
import { keysOf, type IndexDefinition } from './index-definition';
import type { Doc } from '../bson/value';

/**
 * An index that is being filled while others write. Who writes keeps it as it keeps the others, and is never refused
 * because of it: what speaks against it is remembered, and decides at its end.
 */
export class IndexBuild {
  /** A document came that cannot stand in it. */
  failure: StoreError | null = null;
  /** Keys of a unique index that more than one document had when they were written. */
  readonly doubted = new Map<string, Buffer>();

  constructor(readonly index: IndexDefinition) {}

  /** The keys of a document that is written, or none where it has none. */
  keysOf(doc: Doc, shortened: () => void): Buffer[] {
    try {
      return keysOf(this.index, doc, shortened);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.failure ??= error;
      return [];
    }
  }

  /** The keys of a document that goes: those that it cannot have are not there. */
  keysToRemove(doc: Doc): Buffer[] {
    const { failure } = this;
    const keys = this.keysOf(doc, () => undefined);
    this.failure = failure;
    return keys;
  }
}
