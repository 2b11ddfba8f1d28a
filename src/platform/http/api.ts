import { Router, type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import { routes, type Route, type RouteName } from '../../contract/routes';
import { atLeast, type Viewer } from '../../domain/role';
import { Forbidden, InvalidInput, NotFound, Unauthorized } from '../errors';
import type { AddressOf } from './client-address';
import { readJsonBody } from './json-body';
import { isFromOwnPage } from './own-origin';
import { readCredentials } from './credentials';

/** Who is signed in, as the desk knows them. */
export interface Session {
  viewer: Viewer;
  /** Names the session without being able to open it. */
  tokenHash: string;
  name: string;
}
export type Authenticate = (token: string) => Promise<Session | null>;

type Output<R, K extends 'params' | 'query' | 'body'> = R extends { [P in K]: infer S extends z.ZodType }
  ? z.output<S>
  : Record<string, never>;
type Answer<R> = R extends { answer: infer S extends z.ZodType } ? z.input<S> : void;

/** One request to one route. `query` and `body` check on call, so that 404 comes before 400. */
export interface Call<R extends Route> {
  params: Output<R, 'params'>;
  query(): Output<R, 'query'>;
  body(): Output<R, 'body'>;
  session: R['allow'] extends 'public' ? null : Session;
  /** Whose request it is, for limits. */
  address: string;
  http: { request: Request; response: Response };
}
export type Handler<R extends Route> = (call: Call<R>) => Promise<Answer<R>>;
export type Handlers = { [N in RouteName]: Handler<(typeof routes)[N]> };

/** Names the handlers of some routes, typed by the contract. */
export const handlers = <N extends RouteName>(some: Pick<Handlers, N>): Pick<Handlers, N> => some;

interface Edge {
  authenticate: Authenticate;
  publicUrl: string;
  addressOf: AddressOf;
}

/** Binds every route of the contract. The order of the checks is 401, 403, the service's 404, 400. */
export function createApiRouter(all: Handlers, edge: Edge): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const name of Object.keys(routes) as RouteName[]) {
    const route: Route = routes[name];
    const handler = all[name] as unknown as Handler<Route>;
    router[route.method](route.path, (request, response, next) => {
      answer(route, handler, edge, request, response).catch(next);
    });
  }
  router.use((request: Request, _response: Response, next: NextFunction) => {
    next(new NotFound(`No route ${request.method} ${request.path}.`));
  });
  return router;
}

async function answer(
  route: Route,
  handler: Handler<Route>,
  edge: Edge,
  request: Request,
  response: Response,
) {
  const session = route.allow === 'public' ? null : await authorise(route.allow, edge, request);
  const json = route.body ? await readJsonBody(request) : () => ({});
  response.status(route.status);
  const query = () => parse(route.query ?? noQuery, request.query, 'query');
  // What asks for no body would act before anything had looked at the query.
  if (!route.body && route.method !== 'get') query();
  const body = await handler({
    params: parse(route.params, request.params, 'path') as never,
    query: query as never,
    body: () => (query(), parse(route.body, json(), 'body')) as never,
    session: session as never,
    address: edge.addressOf(request),
    http: { request, response },
  });
  query();
  if (route.status === 204) response.end();
  else response.json(body);
}

const noQuery = z.strictObject({});

async function authorise(least: Viewer['role'], edge: Edge, request: Request): Promise<Session> {
  const credentials = readCredentials(request);
  const session = credentials && (await edge.authenticate(credentials.token));
  if (!session) throw new Unauthorized();
  if (credentials.from === 'cookie') requireOwnOrigin(request, edge.publicUrl);
  if (!atLeast(session.viewer.role, least)) throw new Forbidden();
  return session;
}

/** A page of another origin cannot write with this browser's cookie. */
function requireOwnOrigin(request: Request, publicUrl: string): void {
  if (request.method === 'GET' || request.method === 'HEAD' || isFromOwnPage(request, publicUrl)) return;
  throw new Forbidden('Writes by cookie need our own Origin.', 'foreign_origin');
}

function parse(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return {};
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map((issue) => ({
    path: issue.path.join('.'),
    message: issue.message,
  }));
  const first = details[0];
  throw new InvalidInput(`${where}${first?.path ? ` ${first.path}` : ''}: ${first?.message}`, details);
}
