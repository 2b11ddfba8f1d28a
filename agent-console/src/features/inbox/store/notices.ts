import { create } from 'zustand';
import type { ConversationView } from '../../../../../src/contract/conversations';
import { beep } from '../../../lib/beep';
import { isLeadingTab } from '../../../lib/leading-tab';
import { usePreferences } from '../../../lib/preferences';
import { me } from '../../../lib/session';
import { say } from '../words';

/** What happened since this page was last in front: the number in its title. */
export const useMissed = create<{ count: number }>(() => ({ count: 0 }));

/** Tells of what wants an agent: by sound, in the title, on the desktop. One tab of several does. */
export const announce = {
  /** A contact wrote to me. */
  message(row: ConversationView | undefined): void {
    if (!row || row.assignee?.id !== me()?.id) return;
    tell(row.contact.name, say('notice.message'), row.id);
  },
  /** Somebody waits, or a conversation became mine by another's hand. */
  conversation(before: ConversationView | undefined, now: ConversationView): void {
    if (now.status === 'queued' && before?.status !== 'queued')
      tell(now.contact.name, say('notice.queued'), now.id);
  },
};

function tell(title: string, body: string, tag: string): void {
  if (document.hidden) useMissed.setState(({ count }) => ({ count: count + 1 }));
  if (!isLeadingTab()) return;
  const { sound, desktopNotifications } = usePreferences.getState();
  if (sound) beep();
  if (desktopNotifications && document.hidden && Notification.permission === 'granted')
    new Notification(title, { body, tag, icon: '/icon.svg' });
}
