import { handlers, type Session } from '../../platform/http/api';
import type { DeadLetters } from './dead-letters';

interface Parts {
  deadLetters: DeadLetters;
  /** Who did what to which: kept for good. */
  audit(session: Session, act: string, target: string): Promise<void>;
}

export const deadLetterHandlers = ({ deadLetters, audit }: Parts) =>
  handlers({
    async listDeadLetters({ query }) {
      return deadLetters.list(query());
    },
    async getDeadLetter({ params: { kind, id }, session }) {
      const detail = await deadLetters.get(kind, id);
      await audit(session, 'dead-letter:inspect', `${kind}/${id}`);
      return detail;
    },
    async replayDeadLetter({ params: { kind, id }, body, session }) {
      await deadLetters.get(kind, id);
      body();
      await audit(session, 'dead-letter:replay', `${kind}/${id}`);
      await deadLetters.replay(kind, id);
    },
    async discardDeadLetter({ params: { kind, id }, body, session }) {
      await deadLetters.get(kind, id);
      body();
      await audit(session, 'dead-letter:discard', `${kind}/${id}`);
      await deadLetters.discard(kind, id);
    },
  });
