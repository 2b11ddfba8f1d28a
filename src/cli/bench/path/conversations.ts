import { articleCount } from './faq';

/** One message of the load: the how-manieth of which customer, and what it asks. */
export interface Planned {
  seq: number;
  user: number;
  turn: number;
  article: number;
}

/**
 * Who writes what: so many customers at once, each of whom writes so many messages, one after the other; then the next.
 * A customer asks nothing twice, so that a reply tells which message it answers.
 */
export function planMessages(
  count: number,
  { firstUser, atOnce, perUser }: { firstUser: number; atOnce: number; perUser: number },
): Planned[] {
  if (perUser > articleCount) throw new Error(`At most ${articleCount} messages of one customer.`);
  return Array.from({ length: count }, (_unused, seq) => {
    const turn = Math.floor(seq / atOnce) % perUser;
    const user = firstUser + Math.floor(seq / (atOnce * perUser)) * atOnce + (seq % atOnce);
    return { seq, user, turn, article: (user * 7 + turn * 13) % articleCount };
  });
}

/** One in so many is delivered again, that many messages later, as platforms do that missed the answer. */
export const redelivered = <T extends Planned>(
  messages: T[],
  { oneIn, later }: { oneIn: number; later: number },
): T[] =>
  messages.flatMap((message, at) => {
    const earlier = messages[at - later];
    return earlier && (at - later) % oneIn === 0 ? [message, earlier] : [message];
  });
