import { z } from 'zod';
import { errorBody } from '../../contract/common';
import { routes, type Route } from '../../contract/routes';
import { contractVersion } from '../../contract/version';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of `/api/v1`, made from the schemas that check the edge. */
export function openApiDocument(publicUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const [operationId, route] of Object.entries(routes) as [string, Route][]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(operationId, route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Parley', version: `${contractVersion}.0.0`, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: `${publicUrl}/api/v1` }],
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'parley_session' },
      },
      schemas: { Error: schema(errorBody, 'output') },
    },
    paths,
  };
}

function operation(operationId: string, route: Route): Json {
  const failure = {
    description: 'An error',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  };
  const content = route.answer && {
    content: { 'application/json': { schema: schema(route.answer, 'output') } },
  };
  const success: Json = { description: route.summary, ...content };
  const repeat: Json = { description: 'The same again: what stands, and nothing new', ...content };
  return {
    operationId,
    summary: route.summary,
    security: route.allow === 'public' ? [] : [{ bearer: [] }, { cookie: [] }],
    'x-least-role': route.allow,
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...(route.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schema(route.body, 'input') } },
      },
    }),
    responses: {
      [route.status]: success,
      ...(route.repeatable && { 200: repeat }),
      default: failure,
    },
  };
}

function parameters(object: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (!object) return [];
  const { properties = {}, required = [] } = schema(object, 'input') as {
    properties?: Json;
    required?: string[];
  };
  return Object.entries(properties).map(([name, of]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: of,
  }));
}

function schema(type: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(type, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
  });
  return rest;
}
