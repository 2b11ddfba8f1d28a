import { decodeStored } from '../bson/decode';
import { encode } from '../bson/encode';
import { LazyDocument } from '../bson/lazy-document';
import type { Doc } from '../bson/value';

/** A document as its bytes, of which as many are held as are counted. */
export function compact(doc: Doc): { doc: Doc; bytes: number } {
  if (doc instanceof LazyDocument && !doc.isWhole && !doc.changes) return { doc, bytes: doc.end - doc.start };
  const encoded = encode(doc);
  return { doc: decodeStored(encoded), bytes: encoded.length };
}
