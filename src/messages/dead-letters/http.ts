import { handlers, type Session } from '../../platform/http/api';
import type { DeadLetters } from './dead-letters';

interface Parts {
  deadLetters: DeadLetters;
  /** Who did what to which: kept for good. */
  audit(session: Session, act: string, target: string): Promise<void>;
  /** The same, once in an hour: reading what is read again and again. */
  auditReading(session: Session, act: string, target: string): Promise<void>;
}

export const deadLetterHandlers = ({ deadLetters, audit, auditReading }: Parts) =>
  handlers({
    async listDeadLetters({ query, session }) {
      const asked = query();
      await auditReading(session, 'dead-letter:list', asked.kind ?? 'all');
      return deadLetters.list(asked);
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
