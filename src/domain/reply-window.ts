/**
 * How long and how often a platform lets us answer after the contact did something.
 * The figures live in each channel's `limits`, with their source.
 */
export interface WindowRule {
  /** How long it stays open after the contact's act. */
  openMs: number;
  /** How many messages fit in it; null is any number. */
  messages: number | null;
}

/** Null where the channel has no window. */
export interface WindowRules {
  onMessage: WindowRule;
  /** Menu clicks, follows and scans. */
  onClick: WindowRule;
}

export interface ReplyWindow {
  /** Tells one window of a thread from the next; missing in those that an earlier version opened. */
  openedAt?: Date;
  closesAt: Date;
  left: number | null;
}

/** The wider of the window still open and the one that a new act opens. */
export function reopenWindow(current: ReplyWindow | null, rule: WindowRule, now: Date): ReplyWindow {
  const fresh: ReplyWindow = {
    openedAt: now,
    closesAt: new Date(now.getTime() + rule.openMs),
    left: rule.messages,
  };
  if (!current || !isWindowOpen(current, now)) return fresh;
  return current.closesAt > fresh.closesAt ? current : fresh;
}

/** Of two notes of one thread's windows the later: of a newer window, or of one that closed early or is used more. */
export function laterWindow(one: ReplyWindow | null, other: ReplyWindow | null): ReplyWindow | null {
  if (!one || !other) return one ?? other;
  const laterMs = openedMs(one) - openedMs(other);
  if (laterMs !== 0) return laterMs > 0 ? one : other;
  if (one.closesAt.getTime() !== other.closesAt.getTime()) return one.closesAt < other.closesAt ? one : other;
  return (one.left ?? Infinity) <= (other.left ?? Infinity) ? one : other;
}

const openedMs = ({ openedAt }: ReplyWindow): number => openedAt?.getTime() ?? 0;

export type WindowRefusal = 'window_closed' | 'quota_used' | 'too_long_for_quota';

/** Why so many messages may not be sent now; null when they may. */
export function refuseMessages(
  window: ReplyWindow | null,
  messages: number,
  now: Date,
): WindowRefusal | null {
  if (!window) return null;
  if (window.closesAt <= now) return 'window_closed';
  if (window.left === null || window.left >= messages) return null;
  return window.left > 0 ? 'too_long_for_quota' : 'quota_used';
}

export function isWindowOpen(window: ReplyWindow, now: Date): boolean {
  return window.closesAt > now && (window.left === null || window.left > 0);
}
