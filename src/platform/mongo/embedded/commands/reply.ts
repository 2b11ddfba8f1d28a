import { Int32 } from 'bson';
import type { Doc, Value } from '../bson/value';

export const int = (value: number): Int32 => new Int32(value);

/** A document inside an answer. */
export const part = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));

/** An answer's document: `ok: 1` at its end. */
export const reply = (fields: Record<string, Value>): Doc => part({ ...fields, ok: 1 });

/** A list that is whole in its first batch. */
export const listReply = (ns: string, firstBatch: Value[]): Doc =>
  reply({ cursor: part({ firstBatch, id: 0n, ns }) });
