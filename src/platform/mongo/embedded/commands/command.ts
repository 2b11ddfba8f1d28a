import { firstKeyOf } from '../bson/lazy-document';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { typeName } from '../expression/operands';
import type { Engine } from '../storage/engine';
import type { OneByOne } from '../../../work/one-by-one';
import type { Cursors } from './cursors';
import type { ServerState } from './server-state';
import type { Turns } from './turns';

export interface CommandContext {
  engine: Engine;
  cursors: Cursors;
  turns: Turns;
  state: ServerState;
  /** Those of one collection wait for each other. */
  indexBuilds: OneByOne;
  now(): Date;
}

/** A command as it came: its name, its target, its options. */
export class Command {
  readonly name: string;
  readonly database: string;

  constructor(readonly body: Doc) {
    this.name = firstKeyOf(body) ?? '';
    const database = body.get('$db');
    if (typeof database !== 'string' || !database)
      throw new StoreError(40571, 'OP_MSG requests require a $db argument');
    this.database = database;
  }

  get namespace(): string {
    const collection = this.body.get(this.name);
    if (typeof collection !== 'string')
      throw new StoreError(73, `collection name has invalid type ${typeName(collection)}`);
    if (collection === '') throw new StoreError(73, `Invalid namespace specified '${this.database}.'`);
    return `${this.database}.${collection}`;
  }

  /** @throws StoreError for an option that this command does not know. */
  allow(...options: string[]): void {
    const known = new Set([this.name, ...options, ...everywhere]);
    const unknown = [...this.body.keys()].find((key) => !known.has(key));
    if (unknown === undefined) return;
    if (unsupported.has(unknown))
      throw new StoreError(238, `The option ${unknown} is not supported by the embedded store`);
    throw new StoreError(40415, `BSON field '${this.name}.${unknown}' is an unknown field.`);
  }

  doc(key: string): Doc | undefined {
    const value = this.body.get(key);
    if (value === undefined || value === null) return undefined;
    if (!isDoc(value)) throw wrongType(this.name, key, value, 'object');
    return value;
  }

  docs(key: string): Doc[] {
    const value = this.body.get(key);
    if (value === undefined)
      throw new StoreError(40414, `BSON field '${this.name}.${key}' is missing but a required field`);
    if (!Array.isArray(value) || !value.every(isDoc))
      throw new StoreError(14, `BSON field '${this.name}.${key}' must be an array of objects`);
    return value;
  }

  count(key: string): number {
    const value = this.body.get(key);
    if (value === undefined || value === null) return 0;
    if (!isNumber(value)) throw wrongType(this.name, key, value, 'number');
    return Math.trunc(toDouble(value));
  }

  flag(key: string, missing = false): boolean {
    const value = this.body.get(key);
    if (value === undefined || value === null) return missing;
    return isNumber(value) ? toDouble(value) !== 0 : value === true;
  }
}

/** What drivers send with any command, and a single server may take without acting on it. */
const everywhere = [
  '$db', 'lsid', '$readPreference', '$clusterTime', 'writeConcern', 'readConcern', 'comment', 'maxTimeMS', 'apiVersion',
  'apiStrict', 'apiDeprecationErrors',
]; // prettier-ignore
const unsupported = new Set([
  'collation', 'let', 'arrayFilters', 'min', 'max', 'returnKey', 'showRecordId', 'tailable', 'awaitData', 'txnNumber',
  'autocommit', 'startTransaction', 'capped', 'viewOn', 'validator', 'timeseries',
]); // prettier-ignore

const wrongType = (name: string, key: string, value: Value, wanted: string): StoreError =>
  new StoreError(
    14,
    `BSON field '${name}.${key}' is the wrong type '${typeName(value)}', expected type '${wanted}'`,
  );
