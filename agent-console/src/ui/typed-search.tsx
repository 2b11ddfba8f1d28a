import { useEffect, useState } from 'react';
import { useDebounced } from '../lib/use-debounced';
import { SearchBox } from './search-box';

interface TypedSearchProps {
  label: string;
  given?: string;
  onRest: (value: string) => void;
}

/** Typing shows at once; the list follows when the fingers rest. */
export function TypedSearch({ label, given = '', onRest }: TypedSearchProps) {
  const [typed, setTyped] = useState(given);
  const rested = useDebounced(typed.trim());
  const [seen, setSeen] = useState(given);
  if (given !== seen) {
    // Changed from outside, by "clear" or going back.
    setSeen(given);
    if (given !== typed.trim()) setTyped(given);
  }
  useEffect(() => {
    if (rested === typed.trim() && rested !== given) onRest(rested);
    // Only what was typed matters: a change from outside must not be written back.
  }, [rested]);
  return <SearchBox label={label} value={typed} onChange={setTyped} />;
}
