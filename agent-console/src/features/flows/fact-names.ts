import { useWords } from './words';

const known = [
  'slot', 'validate', 'retries', 'slots', 'method', 'url', 'timeoutSeconds', 'save', 'body', 'priority', 'skills',
] as const; // prettier-ignore

/** A setting's name in the language of the page; one that we do not know stays as the file has it. */
export function useFactNames(): (name: string) => string {
  const t = useWords();
  return (name) => {
    const found = known.find((one) => one === name);
    return found ? t(`fact.${found}`) : name;
  };
}
