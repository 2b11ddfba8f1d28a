import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { routes, type Route } from '../../src/contract/routes';
import type { ApiClient } from '../support/api-client';
import { startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';
import { deliverStrangeUpdate } from '../support/strange-update';

interface Operation {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: object };
}

let journey: Journey;
let document: Document;
let admin: ApiClient;
let conversationId: string;
beforeAll(async () => {
  journey = await startJourney();
  document = (await (await fetch(`${journey.url}/api/openapi.json`)).json()) as Document;
  admin = await journey.as('admin');
  await journey.sandbox.telegram.customer('acme-telegram', 'openapi').sendText('转人工');
  const [queued] = await admin.until(
    () => admin.conversations('?status=queued'),
    (items) => items.length > 0,
  );
  conversationId = queued?.id ?? '';
  await deliverStrangeUpdate(journey, 'openapi');
});
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false });
const compile = (schema: object): ValidateFunction => ajv.compile(schema);

test('the document is OpenAPI 3.1 with everything that it must have', () => {
  expect(document).toMatchObject({
    openapi: '3.1.0',
    info: { title: 'Parley', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    servers: [{ url: `${journey.url}/api/v1` }],
  });
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of operations()) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = operation.parameters.filter((one) => one.in === 'path');
    expect([path, declared.map(({ name }) => name)]).toEqual([path, inPath]);
    expect(declared.every(({ required }) => required)).toBe(true);
    expect(Object.values(operation.responses).every(({ description }) => description)).toBe(true);
  }
});

test('every schema in it is a JSON Schema of draft 2020-12, and every reference leads somewhere', () => {
  const text = JSON.stringify(document);
  for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
    expect(Object.keys(document.components.schemas)).toContain(name);
  expect(text.match(/"\$ref":"(?!#\/components\/schemas\/)/)).toBeNull();

  const schemas = operations().flatMap(({ operation }) => [
    ...operation.parameters.map(({ schema }) => schema),
    ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema),
    ...Object.values(operation.responses).flatMap(({ content }) =>
      Object.values(content ?? {}).map(({ schema }) => schema),
    ),
  ]);
  expect(schemas.length).toBeGreaterThan(100);
  for (const schema of schemas.filter((one) => !('$ref' in one))) expect(() => compile(schema)).not.toThrow();
});

const example: Record<string, string> = {
  searchArticles: '?q=%E5%8F%91%E8%B4%A7',
  previewBot: '?q=%E5%8F%91%E8%B4%A7',
};

/** An address of each kind of thing that there is now. */
async function addressOf(route: Route): Promise<string> {
  const first = async (path: string) =>
    (await admin.get<{ items: { id: string; kind: string }[] }>(path)).body.items[0];
  if (route.path.startsWith('/conversations/')) return route.path.replace(':id', conversationId);
  const list = /^\/([\w-]+)\/:/.exec(route.path)?.[1];
  const { id = '', kind = '' } = (list && (await first(`/${list}?limit=1`))) || {};
  return route.path.replace(':kind', kind).replace(':id', encodeURIComponent(id));
}

test.each((Object.entries(routes) as [string, Route][]).filter(([, { method }]) => method === 'get'))(
  'what %s answers is what the document says, with every key',
  async (name, route) => {
    const answer = await admin.get((await addressOf(route)) + (example[name] ?? ''));
    expect(answer.status).toBe(200);
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    const schema =
      document.paths[path]?.['get']?.responses['200']?.content?.['application/json']?.schema ?? {};
    const validate = compile(schema);
    expect([validate(answer.body), validate.errors]).toEqual([true, null]);
  },
);

test('a message sent twice with one clientMessageId is answered as the document says, both times', async () => {
  await admin.post(`/conversations/${conversationId}/claim`);
  const path = document.paths['/conversations/{id}/messages'];
  for (const status of [201, 200]) {
    const answer = await admin.post(`/conversations/${conversationId}/messages`, {
      text: 'once',
      clientMessageId: 'documented',
    });
    expect(answer.status).toBe(status);
    const documented = path?.['post']?.responses[status]?.content?.['application/json']?.schema;
    const validate = compile(documented ?? { not: {} });
    expect([validate(answer.body), validate.errors]).toEqual([true, null]);
  }
});

test('an error has the shape that the document says', async () => {
  const refused = await admin.get('/conversations?limit=0');
  const validate = compile(document.components.schemas['Error'] ?? {});
  expect([validate(refused.body), validate.errors]).toEqual([true, null]);
});
