import type { RecordedRequest } from '../state/types';

/** Headers that curl writes itself. */
const own = new Set(['host', 'content-length', 'connection', 'accept-encoding', 'transfer-encoding']);

/** The request as a command line: webhooks go to the server, API calls to the sandbox. */
export function asCurl({ method, url, headers, body }: RecordedRequest, sandboxUrl: string): string {
  const lines = [`curl -X ${method} ${quoted(new URL(url, sandboxUrl).href)}`];
  for (const [name, value] of Object.entries(headers))
    if (!own.has(name)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (body) lines.push(`--data-raw ${quoted(body)}`);
  return lines.join(' \\\n  ');
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
