import type { Planned } from './conversations';

export interface Sent extends Planned {
  /** Answered with 2xx. */
  isAcknowledged: boolean;
}
/** What the platform got, in the order in which it came. */
export interface Replied {
  user: number;
  article: number;
}
export interface Audit {
  /** Acknowledged, and never answered. */
  lost: number;
  /** Replies beyond the first to the same message. */
  doubled: number;
  /** Acknowledged, and not in the store. */
  unstored: number;
  /** Replies that overtook one to an earlier message of the same customer. */
  reordered: number;
  /** Replies to nothing that was asked. */
  strange: number;
}

/** Was every acknowledged message answered once, in order, and kept? */
export function audit(sent: Sent[], replies: Replied[], isStored: (message: Planned) => boolean): Audit {
  const asked = new Map(sent.map((message) => [keyOf(message), message]));
  const answered = new Set<string>();
  const latestTurn = new Map<number, number>();
  const found: Audit = { lost: 0, doubled: 0, unstored: 0, reordered: 0, strange: 0 };
  for (const reply of replies) {
    const message = asked.get(keyOf(reply));
    if (!message) found.strange++;
    else if (answered.has(keyOf(reply))) found.doubled++;
    else if ((latestTurn.get(message.user) ?? -1) > message.turn) found.reordered++;
    if (message) latestTurn.set(message.user, Math.max(latestTurn.get(message.user) ?? -1, message.turn));
    answered.add(keyOf(reply));
  }
  // What was delivered twice is one message.
  const acknowledged = new Map(
    sent.filter(({ isAcknowledged }) => isAcknowledged).map((message) => [keyOf(message), message]),
  );
  for (const message of acknowledged.values()) {
    if (!answered.has(keyOf(message))) found.lost++;
    if (!isStored(message)) found.unstored++;
  }
  return found;
}

export const keyOf = ({ user, article }: Replied): string => `${user}:${article}`;

export const isClean = (found: Audit): boolean => Object.values(found).every((count) => count === 0);

/** In one cell: `0/0` is nothing lost and nothing doubled. */
export function auditCell({ lost, doubled, unstored, reordered, strange }: Audit, refused = 0): string {
  const others = Object.entries({ refused, unstored, reordered, strange })
    .filter(([, count]) => count > 0)
    .map(([name, count]) => ` ${count} ${name}`);
  return `${lost}/${doubled}${others.join('')}`;
}
