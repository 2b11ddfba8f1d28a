import type { Translate } from '../i18n/use-words';
import type { WordKey } from '../i18n/zh-cn';
import type { RecordedRequest } from '../state/types';

const known: Record<string, WordKey> = {
  accepted: 'accepted',
  offline: 'offlineVerdict',
  'answer dropped': 'dropped',
  'no answer in time': 'late',
  'connection failed': 'failed',
};

/** The sandbox's own verdicts in the reader's language; a platform's reason stays in the platform's words. */
export function verdictText({ verdict, status }: RecordedRequest, words: Translate): string {
  const key = known[verdict.reason];
  if (key) return words(key);
  return verdict.reason.startsWith('refused with')
    ? words('refusedWith', { status: status ?? '' })
    : verdict.reason;
}
