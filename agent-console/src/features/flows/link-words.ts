import type { FlowView } from '../../../../src/contract/knowledge';
import { usePreferences } from '../../lib/preferences';
import { inLanguage } from './in-language';
import { useWords } from './words';

type Next = FlowView['steps'][number]['next'][number];

const isOutcome = (when: string): when is 'ok' | 'error' | 'failed' | 'otherwise' =>
  when === 'ok' || when === 'error' || when === 'failed' || when === 'otherwise';

/** When a line is taken, in the words of the page: an option's label, an outcome, or the condition itself. */
export function useLinkWords(): (next: Next) => string | null {
  const t = useWords();
  const language = usePreferences((preferences) => preferences.language);
  return ({ when, labels }) => {
    if (when === null) return null;
    if (labels) return inLanguage(labels, language);
    if (isOutcome(when)) return t(`when.${when}`);
    return /^\d{3}$/.test(when) ? `HTTP ${when}` : when.replace(' ', ' = ');
  };
}
