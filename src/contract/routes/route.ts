import type { z } from 'zod';
import type { Role } from '../../domain/role';

/** One HTTP route: its schemas check the edge and make the OpenAPI document. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
  summary: string;
  /** The least role; `public` needs no session. A finer rule (team, owner) is the service's. */
  allow: Role | 'public';
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  status: number;
  /** The same request again is answered 200 with what stands. */
  repeatable?: true;
  answer?: z.ZodType;
}

/** Names a route, keeping its exact type. */
export const route = <const R extends Route>(definition: R): R => definition;
