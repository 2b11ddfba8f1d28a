import type { Model } from 'mongoose';
import { derivedId, newId } from '../platform/ids';
import { isDuplicateKey } from '../platform/mongo/connection';
import type { AuditRow } from './agents/model';

type Act = Omit<AuditRow, '_id' | 'details'> & { details?: AuditRow['details'] };

/** Who did what that matters later. Written before the act: an act that fails was still tried. */
export class Audit {
  constructor(private readonly model: Model<AuditRow>) {}

  async record(act: Act): Promise<void> {
    await this.model.insertMany([{ details: {}, ...act, _id: newId('au') }]);
  }

  /** One line in an hour for whoever does the same again: a page that is open reads its list every few seconds. */
  async recordHourly(act: Act): Promise<void> {
    const hour = act.at.toISOString().slice(0, 13);
    const _id = derivedId('au', act.agentId ?? '', act.act, act.target ?? '', hour);
    try {
      await this.model.insertMany([{ details: {}, ...act, _id }]);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}
