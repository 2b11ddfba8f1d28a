import type { z } from 'zod';
import type { routes } from '../../../src/contract/routes';

type Contract = typeof routes;
type NameOf<R> = R extends { method: infer M extends string; path: infer P extends string }
  ? `${Uppercase<M>} ${P}`
  : never;
type Endpoints = { [K in keyof Contract as NameOf<Contract[K]>]: Contract[K] };

/** `'GET /conversations/:id'`: a route of the contract. */
export type Endpoint = keyof Endpoints;
type Part<R, K extends string> = R extends Record<K, z.ZodType> ? Record<K, z.input<R[K]>> : unknown;
type QueryPart<R> = R extends { query: z.ZodType } ? { query?: Loose<z.input<R['query']>> } : unknown;
/** A query goes as text: numbers may be given as numbers, and what is undefined is left out. */
type Loose<Q> = { [K in keyof Q]?: unknown extends Q[K] ? string | number | undefined : Q[K] | undefined };
export type Request<N extends Endpoint> = Part<Endpoints[N], 'params'> &
  QueryPart<Endpoints[N]> &
  Part<Endpoints[N], 'body'> & { signal?: AbortSignal };
export type Answer<N extends Endpoint> = Endpoints[N] extends { answer: z.ZodType }
  ? z.output<Endpoints[N]['answer']>
  : undefined;

/** What the server refused, or that it could not be reached (`status` 0, code `offline`). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: unknown = undefined,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

let whenSessionEnded: () => void = () => undefined;
/** Called when any request but a sign-in is answered 401. */
export function onSessionEnded(react: () => void): void {
  whenSessionEnded = react;
}

/**
 * One call of the API, typed by the contract: `call('GET /tickets/:id', { params: { id } })`.
 * @throws ApiError
 */
export async function call<N extends Endpoint>(
  endpoint: N,
  ...[request]: object extends Request<N> ? [Request<N>?] : [Request<N>]
): Promise<Answer<N>> {
  const [method = 'GET', path = ''] = endpoint.split(' ');
  const { params, query, body, signal } = (request ?? {}) as Loosely;
  const response = await reach(`/api/v1${filled(path, params)}${asQuery(query)}`, {
    method,
    signal,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
    }),
  });
  if (!response.ok) throw await refusal(response, endpoint);
  return (response.status === 204 ? undefined : await response.json()) as Answer<N>;
}

interface Loosely {
  params?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  signal?: AbortSignal;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'offline', 'The server cannot be reached.');
  }
}

async function refusal(response: Response, endpoint: string): Promise<ApiError> {
  if (response.status === 401 && endpoint !== 'POST /session') whenSessionEnded();
  const { error } = (await response.json().catch(() => ({}))) as {
    error?: { code?: string; message?: string; details?: unknown };
  };
  const retryAfter = Number(response.headers.get('Retry-After'));
  return new ApiError(
    response.status,
    error?.code ?? 'internal',
    error?.message ?? response.statusText,
    error?.details,
    retryAfter > 0 ? retryAfter : null,
  );
}

const filled = (path: string, params: Record<string, string> = {}): string =>
  path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));

function asQuery(query: Record<string, string | number | undefined> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}
