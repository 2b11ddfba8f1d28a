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
  closesAt: Date;
  left: number | null;
}

/** The wider of the window still open and the one that a new act opens. */
export function reopenWindow(current: ReplyWindow | null, rule: WindowRule, now: Date): ReplyWindow {
  const fresh: ReplyWindow = { closesAt: new Date(now.getTime() + rule.openMs), left: rule.messages };
  if (!current || !isWindowOpen(current, now)) return fresh;
  return current.closesAt > fresh.closesAt ? current : fresh;
}

export function isWindowOpen(window: ReplyWindow, now: Date): boolean {
  return window.closesAt > now && (window.left === null || window.left > 0);
}
