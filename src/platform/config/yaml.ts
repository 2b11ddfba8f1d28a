import { parseDocument, type Document } from 'yaml';

export interface Problem {
  /** The variable, or the file's path and the path inside it. */
  where: string;
  message: string;
}

/** Reads YAML and puts `${NAME}` from the environment into its strings. Never throws. */
export function readYaml(
  text: string,
  file: string,
  env: NodeJS.ProcessEnv,
): { value: unknown; problems: Problem[] } {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0)
    return {
      value: null,
      problems: document.errors.map((error) => ({ where: file, message: error.message })),
    };
  const problems: Problem[] = [];
  const plain = toPlain(document);
  if ('problem' in plain) return { value: null, problems: [{ where: file, message: plain.problem }] };
  const value = substitute(plain.value, [], (name, path) => {
    const found = env[name];
    if (found === undefined || found === '')
      problems.push({
        where: `${file} ${path.join('.')}`,
        message: `the environment variable ${name} is not set`,
      });
    return found ?? '';
  });
  return { value: value ?? {}, problems };
}

/** References that multiply are refused: a small file could fill the memory. */
function toPlain(document: Document.Parsed): { value: unknown } | { problem: string } {
  try {
    return { value: document.toJS({ maxAliasCount: 50 }) as unknown };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function substitute(
  value: unknown,
  path: string[],
  lookUp: (name: string, path: string[]) => string,
): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\{(\w+)\}/g, (_all, name: string) => lookUp(name, path));
  if (Array.isArray(value))
    return value.map((item, index) => substitute(item, [...path, String(index)], lookUp));
  if (value && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, substitute(item, [...path, key], lookUp)]),
    );
  return value;
}
