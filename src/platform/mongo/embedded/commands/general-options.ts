import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';

const readLevels = ['local', 'available', 'majority', 'linearizable', 'snapshot'];
const replicaSetLevels = ['linearizable', 'snapshot'];
const longestMs = 2 ** 31 - 1;

/** MongoDB's manual, "Stable API Commands": those of version 1. */
const ofVersion1 = new Set([
  'aggregate', 'count', 'create', 'createIndexes', 'delete', 'drop', 'dropDatabase', 'dropIndexes', 'endSessions',
  'explain', 'find', 'findAndModify', 'getMore', 'hello', 'insert', 'killCursors', 'listCollections', 'listDatabases',
  'listIndexes', 'ping', 'refreshSessions', 'update',
]); // prettier-ignore

/** What any command may carry. @throws StoreError for what a server alone refuses, as MongoDB does. */
export function checkGeneralOptions(name: string, body: Doc): void {
  requireVersion(name, body);
  requireTime(body.get('maxTimeMS'));
  requireReadable(body.get('readConcern'));
  requireWritable(body.get('writeConcern'));
}

function requireVersion(name: string, body: Doc): void {
  const version = body.get('apiVersion');
  if (version === undefined) return;
  if (version !== '1')
    throw new StoreError(322, `API version must be "1", not ${JSON.stringify(String(version))}`);
  if (body.get('apiStrict') === true && !ofVersion1.has(name))
    throw new StoreError(
      323,
      `Provided apiStrict:true, but the command ${name} is not in API Version ${version}`,
    );
}

/** It is checked and not acted on: a command is not ended for the time it takes. */
function requireTime(value: Value | undefined): void {
  if (value === undefined || value === null) return;
  if (!isNumber(value))
    throw new StoreError(14, "BSON field 'maxTimeMS' is the wrong type, expected a number");
  const ms = toDouble(value);
  if (!Number.isInteger(ms)) throw new StoreError(9, 'maxTimeMS has non-integral value');
  if (ms < 0 || ms > longestMs) throw new StoreError(2, `${ms} value for maxTimeMS is out of range`);
}

function requireReadable(concern: Value | undefined): void {
  if (!isDoc(concern)) return;
  const level = concern.get('level');
  if (level === undefined) return;
  if (typeof level !== 'string' || !readLevels.includes(level))
    throw new StoreError(
      2,
      `Enumeration value '${String(level)}' for field 'readConcern.level' is not a valid value.`,
    );
  if (replicaSetLevels.includes(level))
    throw new StoreError(123, `node needs to be a replica set member to use readConcern: ${level}`);
}

function requireWritable(concern: Value | undefined): void {
  const w = isDoc(concern) ? concern.get('w') : undefined;
  if (isNumber(w) && toDouble(w) > 1)
    throw new StoreError(2, "cannot use 'w' > 1 when a host is not replicated");
  if (typeof w === 'string' && w !== 'majority')
    throw new StoreError(
      2,
      `cannot use non-majority 'w' mode ${w} when a host is not a member of a replica set`,
    );
}
