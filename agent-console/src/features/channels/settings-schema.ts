/** One setting of a channel, from the JSON Schema of its definition. */
export interface Setting {
  name: string;
  label: string;
  kind: 'text' | 'secret' | 'url' | 'choice' | 'list';
  choices: string[];
  required: boolean;
  pattern?: string;
  preset?: string;
}

interface Property {
  type?: string;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  default?: unknown;
  'x-zui'?: { title?: string };
}

export function settingsOf(schema: Record<string, unknown>): Setting[] {
  const properties = (schema['properties'] ?? {}) as Record<string, Property>;
  const required = (schema['required'] ?? []) as string[];
  return Object.entries(properties).map(([name, property]) => ({
    name,
    label: property['x-zui']?.title ?? name,
    kind: kindOf(name, property),
    choices: (property.enum ?? []).map(String),
    required: required.includes(name),
    ...(property.pattern && { pattern: property.pattern }),
    ...(typeof property.default === 'string' && { preset: property.default }),
  }));
}

function kindOf(name: string, { type, enum: choices, format }: Property): Setting['kind'] {
  if (choices) return 'choice';
  if (type === 'array') return 'list';
  if (format === 'uri') return 'url';
  return /secret|token|key|password/i.test(name) ? 'secret' : 'text';
}

/** What was filled in, as the channel wants it: empty ones are left out and take their defaults. */
export function configurationFrom(
  settings: Setting[],
  filled: Record<string, string>,
): Record<string, unknown> {
  return Object.fromEntries(
    settings.flatMap(({ name, kind }) => {
      const value = (filled[name] ?? '').trim();
      if (value === '') return [];
      return [[name, kind === 'list' ? value.split(/\s+/) : value]];
    }),
  );
}
