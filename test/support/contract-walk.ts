import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { routes, type Route, type RouteName } from '../../src/contract/routes';

/** Every route of the contract: what is added there is tested here without a line of its own. */
export const allRoutes = Object.entries(routes) as [RouteName, Route][];

/** The names in an interface of the contract: types leave nothing to ask at run time, so the source is read. */
export function eventNames(file: string, interfaceName: string): string[] {
  const source = readFileSync(join(__dirname, '../../src/contract', file), 'utf8');
  const body = new RegExp(`interface ${interfaceName} \\{([\\s\\S]*?)\\n\\}`).exec(source)?.[1] ?? '';
  return [...body.matchAll(/^ {2}'?([\w:-]+)'?\??: \(/gm)].map(([, name]) => name ?? '');
}

export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  minimum?: number;
  minLength?: number;
  minItems?: number;
  pattern?: string;
  format?: string;
  additionalProperties?: unknown;
}

export const schemaOf = (type: z.ZodType): JsonSchema =>
  z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' }) as JsonSchema;

/** A value that fits, as far as a schema tells. */
export function sampleOf(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0] ?? schema.allOf?.[0];
  if (choice) return sampleOf(choice);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object') return sampleObject(schema);
  if (type === 'array') return schema.minItems ? [sampleOf(schema.items ?? {})] : [];
  if (type === 'number' || type === 'integer') return Math.max(1, schema.minimum ?? 1);
  if (type === 'boolean') return true;
  if (schema.format === 'date-time') return '2030-01-01T00:00:00.000Z';
  if (schema.format === 'email') return 'someone@acme.test';
  return 'x'.repeat(Math.max(8, schema.minLength ?? 0));
}

export const sampleObject = ({ properties = {}, required = [] }: JsonSchema): Record<string, unknown> =>
  Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {})]));

/** What MongoDB would take as an operator, where a plain value belongs. */
export const operators: unknown[] = [
  { $ne: null },
  { $gt: '' },
  { $regex: '.*' },
  { $where: 'sleep(1)' },
  { $nor: [] },
  { $expr: { $gt: [1, 0] } },
  [{ $ne: null }],
  { 'a.b': 1 },
];
