import { InvalidInput } from '../platform/errors';
import { searchTerms } from '../platform/text/search-keys';

/** The keys that a row must have to match `q`. @throws InvalidInput when there is nothing to search for in it. */
export function termsOf(q: string): string[] {
  const terms = searchTerms(q);
  if (terms.length === 0) throw new InvalidInput('q: nothing to search for');
  return terms;
}
