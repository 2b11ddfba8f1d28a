import { XMLParser } from 'fast-xml-parser';
import { malformed } from '../host/failures';

export type Fields = Record<string, unknown>;

/** No entities, and numbers stay text: MsgId has 64 bits. */
const parser = new XMLParser({
  parseTagValue: false,
  processEntities: false,
  ignoreAttributes: true,
  trimValues: false,
});

/** The fields of an `<xml>` envelope. @throws InvalidInput for anything else. */
export function parseXml(body: string | undefined): Fields {
  if (!body?.trim()) throw malformed('The body is empty.');
  if (/<!(DOCTYPE|ENTITY)/i.test(body)) throw malformed('A document type is not taken.');
  let parsed: unknown;
  try {
    parsed = parser.parse(body);
  } catch {
    throw malformed('The body is no XML.');
  }
  const fields = (parsed as { xml?: unknown } | null)?.xml;
  if (!fields || typeof fields !== 'object' || Array.isArray(fields))
    throw malformed('The body is no message.');
  return fields as Fields;
}

/** A field's text; empty when it is missing or holds something else. */
export function textOf(fields: Fields, name: string): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'string' ? value : '';
}

export function fieldsOf(fields: Fields, name: string): Fields {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return value && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {};
}
