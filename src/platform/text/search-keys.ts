import { hanRuns, normalise, otherWords } from './normalise';

const mostKeys = 400;
const longestPrefix = 12;

/** What a text can be found by, on an index: Han characters and pairs, and the beginnings of other words. */
export function searchKeys(text: string): string[] {
  const plain = normalise(text);
  const keys = new Set<string>();
  for (const run of hanRuns(plain)) for (const gram of gramsOf(run)) keys.add(gram);
  for (const word of otherWords(plain))
    for (let length = 1; length <= Math.min(word.length, longestPrefix); length++)
      keys.add(word.slice(0, length));
  return [...keys].slice(0, mostKeys);
}

/** The keys that all must be there for a text to match: pairs where there are two characters or more. */
export function searchTerms(query: string): string[] {
  const plain = normalise(query);
  const pairs = hanRuns(plain).flatMap((run) =>
    run.length === 1 ? [run] : gramsOf(run).filter((gram) => gram.length > 1),
  );
  const words = otherWords(plain).map((word) => word.slice(0, longestPrefix));
  return [...new Set([...pairs, ...words])].slice(0, 20);
}

function gramsOf(run: string): string[] {
  const characters = [...run];
  return characters.flatMap((character, index) => {
    const next = characters[index + 1];
    return next === undefined ? [character] : [character, character + next];
  });
}
