import { checkDocument } from '../bson/check';
import { encode } from '../bson/encode';
import { LazyDocument } from '../bson/lazy-document';
import type { Doc } from '../bson/value';
import { StoreError } from '../error';

const largestDocument = 16 * 1024 * 1024;
const deepestDocument = 100;

/** A document as it is kept. @throws StoreError for one that is too large or too deep. */
export function storedBytes(doc: Doc): Buffer {
  const depth = doc instanceof LazyDocument && !doc.isWhole && !doc.changes ? doc.depth : null;
  const bytes = encode(doc);
  if ((depth ?? checkDocument(bytes)) > deepestDocument)
    throw new StoreError(15, `The document is nested deeper than ${deepestDocument} levels`);
  if (bytes.length > largestDocument)
    throw new StoreError(10334, `The document has ${bytes.length} bytes and is larger than 16 MB`);
  return bytes;
}
