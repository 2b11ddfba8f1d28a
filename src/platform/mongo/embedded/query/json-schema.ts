import { compare } from '../bson/compare';
import { isDoc, isNumber, toDouble, typeNumber, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { typesOf } from './operators';
import { compileRegex } from './regex';

type Accepts = (value: Value) => boolean;
type Keyword = (operand: Value, schema: Doc) => Accepts;

/** A JSON schema (draft 4, with `bsonType`) as a filter. Unknown keywords are errors, as in MongoDB. */
export function compileJsonSchema(schema: Doc): Accepts {
  const all = [...schema].map(([name, operand]) => {
    const keyword = Object.hasOwn(keywords, name) ? keywords[name] : undefined;
    if (!keyword) throw new StoreError(9, `Unknown $jsonSchema keyword: ${name}`);
    return keyword(operand, schema);
  });
  return (value) => all.every((accepts) => accepts(value));
}

const ofType = (types: number[], accepts: Accepts): Accepts => {
  return (value) => !types.includes(typeNumber(value)) || accepts(value);
};
const numbers = [1, 16, 18, 19];
const aliases: Record<string, string> = { boolean: 'bool' };

const keywords: Record<string, Keyword> = {
  bsonType: (operand) => hasType(operand),
  type: (operand) => hasType(operand),
  required: (operand) =>
    ofType([3], (value) => listOf(operand).every((key) => (value as Doc).has(String(key)))),
  properties: (operand) => {
    const each = schemasOf(operand);
    return ofType([3], (value) =>
      each.every(([key, accepts]) => !(value as Doc).has(key) || accepts((value as Doc).get(key) as Value)),
    );
  },
  additionalProperties: (operand, schema) => {
    const known = new Set(
      isDoc(schema.get('properties') as Value) ? (schema.get('properties') as Doc).keys() : [],
    );
    const accepts = isDoc(operand) ? compileJsonSchema(operand) : () => operand !== false;
    return ofType([3], (value) =>
      [...(value as Doc)].every(([key, item]) => known.has(key) || accepts(item)),
    );
  },
  items: (operand) => {
    const accepts = compileJsonSchema(docOf(operand));
    return ofType([4], (value) => (value as Value[]).every(accepts));
  },
  enum: (operand) => (value) => listOf(operand).some((one) => compare(one, value) === 0),
  minimum: (operand) => ofType(numbers, (value) => compare(value, operand) >= 0),
  maximum: (operand) => ofType(numbers, (value) => compare(value, operand) <= 0),
  minLength: (operand) => ofType([2], (value) => [...(value as string)].length >= countOf(operand)),
  maxLength: (operand) => ofType([2], (value) => [...(value as string)].length <= countOf(operand)),
  minItems: (operand) => ofType([4], (value) => (value as Value[]).length >= countOf(operand)),
  maxItems: (operand) => ofType([4], (value) => (value as Value[]).length <= countOf(operand)),
  pattern: (operand) => {
    const regex = compileRegex(String(operand), '');
    return ofType([2], (value) => regex.test(value as string));
  },
  allOf: (operand) => every(listOf(operand)),
  anyOf: (operand) => {
    const each = listOf(operand).map((one) => compileJsonSchema(docOf(one)));
    return (value) => each.some((accepts) => accepts(value));
  },
  not: (operand) => {
    const accepts = compileJsonSchema(docOf(operand));
    return (value) => !accepts(value);
  },
  title: () => () => true,
  description: () => () => true,
};

function hasType(operand: Value): Accepts {
  const named = Array.isArray(operand) ? operand : [operand];
  const types = named.flatMap((name) => typesOf(aliases[String(name)] ?? name));
  return (value) => types.includes(typeNumber(value));
}

function every(schemas: Value[]): Accepts {
  const each = schemas.map((one) => compileJsonSchema(docOf(one)));
  return (value) => each.every((accepts) => accepts(value));
}

const schemasOf = (operand: Value): [string, Accepts][] =>
  [...docOf(operand)].map(([key, one]) => [key, compileJsonSchema(docOf(one))]);

function docOf(value: Value): Doc {
  if (!isDoc(value)) throw new StoreError(14, '$jsonSchema keyword must be an object');
  return value;
}
function listOf(value: Value): Value[] {
  if (!Array.isArray(value)) throw new StoreError(14, '$jsonSchema keyword must be an array');
  return value;
}
function countOf(value: Value): number {
  if (!isNumber(value)) throw new StoreError(14, '$jsonSchema keyword must be a number');
  return toDouble(value);
}
