import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { isOperators } from '../query/matcher';
import { isRegex } from '../query/regex';

const ofIdIndex = ['key', 'name', 'v', 'ns', 'collation', 'background'];
const longestSeconds = 2 ** 31 - 1;
const otherKinds = ['text', 'hashed', '2d', '2dsphere', 'geoHaystack'];
const inPartial = ['$eq', '$gt', '$gte', '$lt', '$lte', '$in', '$type'];

/**
 * What MongoDB asks of a new index beyond its form. One that was made before a rule was here stays as it is.
 * @throws StoreError
 */
export function requireCreatable(spec: Doc): void {
  const key = spec.get('key');
  if (!isDoc(key)) return;
  requireKind(key);
  requireVersion(spec.get('v'));
  if (key.size === 1 && key.has('_id')) requireOfId(spec);
  requireTtl(spec, key);
  const partial = spec.get('partialFilterExpression');
  if (isDoc(partial)) requirePartial(partial);
}

function requireKind(key: Doc): void {
  for (const [path, value] of key) {
    if (path === '$**' || path.endsWith('.$**')) throw notSupported('a wildcard index');
    if (typeof value === 'string' && !otherKinds.includes(value))
      throw new StoreError(67, `Unknown index plugin '${value}'`);
  }
}

function requireVersion(value: Value | undefined): void {
  if (value === undefined) return;
  const version = isNumber(value) ? toDouble(value) : NaN;
  if (version !== 1 && version !== 2)
    throw new StoreError(67, `Invalid index specification; cannot create an index with v=${version}`);
}

function requireOfId(spec: Doc): void {
  const other = [...spec.keys()].find((option) => !ofIdIndex.includes(option));
  if (other && !(other === 'unique' && spec.get('name') === '_id_'))
    throw new StoreError(197, `The field '${other}' is not valid for an _id index specification`);
}

function requireTtl(spec: Doc, key: Doc): void {
  const value = spec.get('expireAfterSeconds');
  if (value === undefined) return;
  if (!isNumber(value)) throw new StoreError(67, "TTL index 'expireAfterSeconds' option must be numeric");
  const seconds = toDouble(value);
  if (!(seconds >= 0 && seconds <= longestSeconds))
    throw new StoreError(
      67,
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, not ${seconds}`,
    );
  if (key.size > 1)
    throw new StoreError(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
}

/** The manual, "Partial Indexes": equality, ranges, `$type`, `$exists: true`, `$in`, `$and`, `$or`. */
function requirePartial(filter: Doc): void {
  for (const [path, condition] of filter) {
    if (path === '$and' || path === '$or') {
      for (const part of Array.isArray(condition) ? condition : []) if (isDoc(part)) requirePartial(part);
    } else if (path.startsWith('$')) refusePartial(path);
    else if (isRegex(condition)) refusePartial('$regex');
    else if (isOperators(condition))
      for (const [operator, operand] of condition)
        if (!inPartial.includes(operator) && !(operator === '$exists' && isTrue(operand)))
          refusePartial(operator);
  }
}

function refusePartial(what: string): never {
  throw new StoreError(what === '$expr' ? 224 : 67, `Expression not supported in partial index: ${what}`);
}

const isTrue = (value: Value): boolean => value === true || (isNumber(value) && toDouble(value) !== 0);
