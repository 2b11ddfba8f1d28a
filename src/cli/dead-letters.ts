import { parseArgs } from 'node:util';
import type { DeadLetterView } from '../contract/dead-letters';
import { deadLetterKinds } from '../domain/dead-letter';

const usage = `npm run dead-letters -- list [inbox|outbox|quarantine]
npm run dead-letters -- show|replay|discard <kind> <id>
  PARLEY_URL (http://127.0.0.1:3000), PARLEY_EMAIL and PARLEY_PASSWORD of a supervisor or an admin: every act is audited under that name.`;

/** `npm run dead-letters`: what was set aside, through the API of a running server, on whichever store it has. */
async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [act = '', kind, id] = positionals;
  if (act === 'list') return list(kind ? [kind] : [...deadLetterKinds]);
  if (!['show', 'replay', 'discard'].includes(act) || !kind || !id) throw new Error(usage);
  const path = `/dead-letters/${encodeURIComponent(kind)}/${encodeURIComponent(id)}`;
  if (act === 'show') console.log(JSON.stringify(await call('GET', path), null, 2));
  else await call('POST', `${path}/${act}`, {});
}

async function list(kinds: string[]): Promise<void> {
  for (const kind of kinds) {
    let cursor: string | null = '';
    while (cursor !== null) {
      const more: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
      const page = (await call('GET', `/dead-letters?kind=${encodeURIComponent(kind)}${more}`)) as {
        items: DeadLetterView[];
        nextCursor: string | null;
      };
      for (const letter of page.items) console.log(lineOf(letter));
      cursor = page.nextCursor;
    }
  }
}

const lineOf = ({ kind, id, state, at, attempts, error }: DeadLetterView): string =>
  [kind, id, state, at, `${attempts} tries`, error ?? ''].join('\t');

let token: string | null = null;

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  token ??= await signIn();
  const { status, json } = await request(method, path, body, token);
  if (status >= 400) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
  return json;
}

async function signIn(): Promise<string> {
  const { PARLEY_EMAIL: email, PARLEY_PASSWORD: password } = process.env;
  if (!email || !password) throw new Error(usage);
  const { status, json } = await request('POST', '/session', { email, password }, null);
  if (status !== 201) throw new Error(`Cannot sign in as ${email}: ${status}`);
  return (json as { token: string }).token;
}

async function request(method: string, path: string, body: unknown, bearer: string | null) {
  const url = process.env['PARLEY_URL'] || 'http://127.0.0.1:3000';
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, json: text ? (JSON.parse(text) as unknown) : null };
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
