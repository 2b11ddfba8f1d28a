import type { MessageView } from '../../../../../src/contract/messages';

const ranks = { pending: 0, unknown: 1, failed: 1, sent: 2, delivered: 3, read: 4 };

/**
 * Two views of one message, of which the second came later but may be older: an answer to a request can arrive after an event.
 * Ticks never go back, but for a message that is sent again (`again`).
 */
export function mergeMessage(known: MessageView | undefined, news: MessageView, again = false): MessageView {
  if (!known?.delivery || !news.delivery || again) return news;
  const goesBack = ranks[news.delivery] < ranks[known.delivery];
  return goesBack ? { ...news, delivery: known.delivery, deliveryError: known.deliveryError } : news;
}

/** Sent again: what had failed is pending once more. Only an event or the retry's own answer may say so. */
export const isRetry = (known: MessageView | undefined, news: MessageView): boolean =>
  (known?.delivery === 'failed' || known?.delivery === 'unknown') && news.delivery === 'pending';
