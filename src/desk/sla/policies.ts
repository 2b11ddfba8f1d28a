import { Schema, type Connection, type Model } from 'mongoose';
import type { BusinessHours, SlaPolicy } from '../../contract/policies';
import type { Calendar } from '../../domain/business-hours';

interface SettingRow {
  _id: string;
  value: unknown;
}

const policiesKey = 'sla-policies';
const hoursKey = 'business-hours';

/** SLA policies and opening hours. Kept in memory too, for the rules that ask them at every turn. */
export class Policies {
  private readonly model: Model<SettingRow>;
  private current: SlaPolicy[] = [];
  private opening: BusinessHours | null = null;

  constructor(connection: Connection) {
    this.model = defineSettings(connection);
  }

  /** Seeds what is not set yet, and reads. What the console changed is never overwritten. */
  async load(seed: { sla: SlaPolicy[]; hours: BusinessHours | null }): Promise<void> {
    await this.seed(policiesKey, seed.sla);
    await this.seed(hoursKey, seed.hours);
    await this.reload();
  }

  /** Another node may have changed them. */
  async reload(): Promise<void> {
    this.current = ((await this.model.findById(policiesKey).lean())?.value ?? []) as SlaPolicy[];
    this.opening = ((await this.model.findById(hoursKey).lean())?.value ?? null) as BusinessHours | null;
  }

  policies = (): SlaPolicy[] => this.current;
  hours = (): BusinessHours | null => this.opening;
  calendar = (kind: 'hours' | 'always'): Calendar => (kind === 'always' ? null : (this.opening as Calendar));

  async changePolicies(items: SlaPolicy[]): Promise<void> {
    await this.model.updateOne({ _id: policiesKey }, { $set: { value: items } }, { upsert: true });
    this.current = items;
  }

  async changeHours(hours: BusinessHours | null): Promise<void> {
    await this.model.updateOne({ _id: hoursKey }, { $set: { value: hours } }, { upsert: true });
    this.opening = hours;
  }

  private async seed(key: string, value: unknown): Promise<void> {
    await this.model.updateOne({ _id: key }, { $setOnInsert: { value } }, { upsert: true });
  }
}

export const defineSettings = (connection: Connection): Model<SettingRow> =>
  connection.model<SettingRow>('Setting', schema, 'settings');

const schema = new Schema<SettingRow>(
  { _id: { type: String, required: true }, value: { type: Schema.Types.Mixed, default: null } },
  { versionKey: false, minimize: false },
);
