import type { Document } from 'bson';

export interface Row extends Document {
  _id: number;
  state: string;
  at: Date;
}

/** A document like those of the application: about 250 bytes. */
export const row = (at: number): Row => ({
  _id: at,
  state: at % 5 === 0 ? 'open' : 'done',
  at: new Date(at * 1_000),
  text: `message ${at} `.repeat(12),
  tags: ['a', `t${at % 50}`],
});
