import { useCallback, useEffect, useState } from 'react';
import { drafts } from '../store/inbox';
import type { Mode } from '../store/outbox-item';

/**
 * The draft as a field needs it: what is typed shows with the very key press, since a field that lags a frame behind loses keys.
 * The text is held with what it belongs to, so that not for one frame a note stands where a reply is written.
 * What another tab, or a message taken back, makes of the draft comes in as well.
 */
export function useDraftText(conversationId: string, mode: Mode): [string, (text: string) => void] {
  const owner = `${conversationId}.${mode}`;
  const [held, hold] = useState({ owner, text: drafts.get(conversationId, mode) });
  useEffect(() => {
    const read = () => hold({ owner, text: drafts.get(conversationId, mode) });
    read();
    return drafts.watch(conversationId, read);
  }, [owner, conversationId, mode]);
  const write = useCallback(
    (text: string) => {
      hold({ owner, text });
      drafts.set(conversationId, mode, text);
    },
    [owner, conversationId, mode],
  );
  return [held.owner === owner ? held.text : drafts.get(conversationId, mode), write];
}
