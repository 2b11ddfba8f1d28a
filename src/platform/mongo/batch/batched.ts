import type { AnyBulkWriteOperation, Filter, UpdateFilter } from 'mongodb';
import { MongoBulkWriteError } from 'mongodb';
import type { Model } from 'mongoose';
import { isDuplicateKey } from '../connection';
import { Batcher, type Outcome } from './batcher';

interface Document {
  _id: string;
}
interface Update<Row extends Document> {
  filter: Filter<Row>;
  change: UpdateFilter<Row>;
}

/**
 * A collection whose calls share round trips. It speaks to the driver and leaves mongoose's casting out, so its callers
 * give whole rows of the right types: this is for what each message does, and for nothing else.
 */
export class Batched<Row extends Document> {
  private readonly inserts = new Batcher<() => Row, boolean>((calls) => this.insertAll(calls));
  private readonly updates = new Batcher<Update<Row>, boolean>((calls) => this.updateAll(calls));
  private readonly reads = new Batcher<string, Row | null>((ids) => this.readAll(ids));

  constructor(private readonly model: Model<Row>) {}

  private get collection() {
    return this.model.collection;
  }

  byId(id: string): Promise<Row | null> {
    return this.reads.do(id);
  }

  /** False: a unique index has it already. A function is asked for the row when the round trip begins. */
  insert(row: Row | (() => Row)): Promise<boolean> {
    return this.inserts.do(typeof row === 'function' ? row : () => row);
  }

  /**
   * Changes one document. True: it fitted the filter. False: it did not, or nobody can tell, since others of the same
   * round trip did not fit; whoever must know reads it.
   */
  update(filter: Filter<Row>, change: UpdateFilter<Row>): Promise<boolean> {
    return this.updates.do({ filter, change });
  }

  private async insertAll(calls: (() => Row)[]): Promise<Outcome<boolean>[]> {
    const operations = calls.map((rowOf) => ({ insertOne: { document: rowOf() } }));
    const refused = await this.write(operations as AnyBulkWriteOperation<Row>[]).then(
      () => new Map<number, Error>(),
      refusedOnes,
    );
    return calls.map((_call, place) => {
      const error = refused.get(place);
      if (!error) return { result: true };
      return isDuplicateKey(error) ? { result: false } : { error };
    });
  }

  private async updateAll(calls: Update<Row>[]): Promise<Outcome<boolean>[]> {
    const operations = calls.map(({ filter, change: update }) => ({ updateOne: { filter, update } }));
    const { matchedCount } = await this.write(operations as AnyBulkWriteOperation<Row>[]);
    return calls.map(() => ({ result: matchedCount === calls.length }));
  }

  private async readAll(ids: string[]): Promise<Outcome<Row | null>[]> {
    const rows = await this.collection.find({ _id: { $in: [...new Set(ids)] as never } }).toArray();
    const byId = new Map((rows as unknown as Row[]).map((row) => [row._id, row]));
    return ids.map((id) => ({ result: byId.get(id) ?? null }));
  }

  private write(operations: AnyBulkWriteOperation<Row>[]) {
    return this.collection.bulkWrite(operations as never[], { ordered: false });
  }
}

/** @throws what is not about single documents. */
function refusedOnes(error: unknown): Map<number, Error> {
  // Not on a majority: nothing of it may be called durable.
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) throw error;
  const errors = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
  if (errors.length === 0) throw error;
  return new Map(errors.map((one) => [one.index, one as unknown as Error]));
}
