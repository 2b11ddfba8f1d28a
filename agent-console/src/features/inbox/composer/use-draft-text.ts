import { useCallback, useEffect, useState } from 'react';
import { drafts } from '../store/inbox';
import type { Mode } from '../store/outbox-item';

/**
 * The draft as a field needs it: what is typed shows with the very key press, since a field that lags a frame behind loses keys.
 * What another tab, or a message taken back, makes of the draft comes in as well.
 */
export function useDraftText(conversationId: string, mode: Mode): [string, (text: string) => void] {
  const [text, setText] = useState(() => drafts.get(conversationId, mode));
  useEffect(() => {
    const read = () => setText(drafts.get(conversationId, mode));
    read();
    return drafts.watch(conversationId, read);
  }, [conversationId, mode]);
  const write = useCallback(
    (next: string) => {
      setText(next);
      drafts.set(conversationId, mode, next);
    },
    [conversationId, mode],
  );
  return [text, write];
}
