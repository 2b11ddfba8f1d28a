import type { Model } from 'mongoose';
import { newId } from '../platform/ids';
import type { AuditRow } from './agents/model';

/** Who did what that matters later. Written before the act: an act that fails was still tried. */
export class Audit {
  constructor(private readonly model: Model<AuditRow>) {}

  async record(act: Omit<AuditRow, '_id' | 'details'> & { details?: AuditRow['details'] }): Promise<void> {
    await this.model.insertMany([{ details: {}, ...act, _id: newId('au') }]);
  }
}
