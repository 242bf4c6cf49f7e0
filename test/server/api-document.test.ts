import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.js';

interface Operation {
  readonly operationId: string;
  readonly security: readonly Record<string, readonly string[]>[];
  readonly responses: Record<string, { content?: Record<string, { schema?: { properties?: Record<string, unknown> } }> }>;
}
interface ApiDocument {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly securitySchemes: Record<string, unknown> };
}

let world: TestApp;
let document: ApiDocument;
beforeAll(async () => {
  world = await createTestApp({ demo: true });
  document = (await world.console().get('/api/openapi.json')).json as unknown as ApiDocument;
});
afterAll(() => world.drop());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, one]) => ({ path, method, ...one })));

test('the document of the API is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(document as never);
  expect(errors ?? []).toEqual([]);
  expect([valid, document.openapi]).toEqual([true, '3.1.0']);
});

test('every operation has a name of its own and tells every answer that is no success in one shape', () => {
  const all = operations().filter(({ path }) => path.startsWith('/api/'));
  expect(all.length).toBeGreaterThan(60);
  expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length);
  for (const { path, method, responses } of all)
    for (const status of ['400', '429', '503'])
      expect(Object.keys(responses[status]?.content?.['application/json']?.schema?.properties ?? {}), `${method} ${path} ${status}`).toEqual([
        'code',
        'message',
        'requestId',
        'fields',
      ]);
});

test('every operation says whose session it takes, and those without one are few and known', () => {
  expect(Object.keys(document.components.securitySchemes)).toEqual(['officerSession', 'deviceSession']);
  const open = operations().filter(({ path, security }) => path.startsWith('/api/') && security.length === 0);
  expect(open.map(({ path }) => path).sort()).toEqual([
    '/api/access/link',
    '/api/access/passkey/sign-in',
    '/api/access/passkey/sign-in-options',
    '/api/demo/clock',
    '/api/demo/enrolments',
    '/api/demo/sign-in',
    '/api/device/challenge',
    '/api/device/enrol',
    '/api/device/session',
    '/api/time',
  ]);
  const commands = document.paths['/api/commands']?.['post'];
  expect(commands?.security).toEqual([{ deviceSession: [] }, { officerSession: [] }]);
});
