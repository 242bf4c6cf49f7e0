import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { Audience } from '@sallyport/contracts';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { DOCS_POLICY } from './security-headers.js';
import type { Http } from './types.js';

type Described = Parameters<typeof jsonSchemaTransform>[0];
type Schema = ReturnType<typeof jsonSchemaTransform>['schema'];
type Security = Readonly<Record<string, readonly string[]>>[];

const SESSIONS = {
  officerSession: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-sallyport',
    description: 'The session of an officer, from a sign-in with a passkey. Without TLS on loopback the cookie is called sallyport.',
  },
  deviceSession: {
    type: 'apiKey',
    in: 'header',
    name: 'authorization',
    description: 'The session of a device: `Device <token>` from /api/device/session. Each command is signed by the device as well.',
  },
} as const;

/** Whose session opens a route of an app family. */
const SESSION_OF: Readonly<Record<Audience, keyof typeof SESSIONS>> = { cell: 'deviceSession', hall: 'deviceSession', console: 'officerSession' };

const PROBLEM = {
  type: 'object',
  description: 'What is wrong and what to do, for a person. `requestId` finds the lines of the log.',
  required: ['code', 'message', 'requestId'],
  properties: {
    code: { type: 'string', description: 'Stable, for programs', example: 'REQUEST_INVALID' },
    message: { type: 'string', example: 'body.cell: must be four digits: block and room. Correct these fields and send again.' },
    requestId: { type: 'string' },
    fields: {
      type: 'array',
      description: 'Every field that broke a rule',
      items: { type: 'object', required: ['field', 'rule'], properties: { field: { type: 'string' }, rule: { type: 'string' } } },
    },
  },
} as const;

const problem = (description: string) => ({ description, content: { 'application/json': { schema: PROBLEM } } });
const MALFORMED = { '400': problem('The request breaks a rule; every field is named'), '413': problem('The body is too large') };
const UNSIGNED = { '401': problem('No session, or one that has ended'), '403': problem('The session may not do this') };
const ALWAYS = { '429': problem('Too often; Retry-After says when'), '503': problem('The server cannot do this now; Retry-After says when') };

/** "getDutyRostersByCellByWeek": one name for every method and path. */
function operationId(method: string, url: string): string {
  const words = url
    .replace(/^\/api\//, '')
    .split(/[^A-Za-z0-9:]+/)
    .filter((word) => word !== '')
    .map((word) => (word.startsWith(':') ? `By${word.charAt(1).toUpperCase()}${word.slice(2)}` : `${word.charAt(0).toUpperCase()}${word.slice(1)}`));
  return `${method.toLowerCase()}${words.join('')}`;
}

function securityOf({ audience, open }: { audience?: Audience | readonly Audience[]; open?: boolean }): Security {
  if (open === true || audience === undefined) return [];
  return [...new Set([audience].flat().map((family) => SESSION_OF[family as Audience]))].map((name) => ({ [name]: [] }));
}

/** A route as the document tells it: its own schemas, a name, whose session it takes, and every answer that is no success. */
function describe(route: Described): { schema: Schema; url: string } {
  const { schema, url } = jsonSchemaTransform(route);
  if (!schema || schema.hide === true) return { schema, url };
  const security = securityOf(route.route.config ?? {});
  const answers = {
    ...MALFORMED,
    ...(security.length > 0 && UNSIGNED),
    ...(url.includes(':') && { '404': problem('There is no such thing, or it is not for this session') }),
  };
  const described = {
    ...schema,
    operationId: operationId([route.route.method].flat()[0] ?? 'get', url),
    security,
    response: { ...(schema.response as object | undefined), ...answers, ...ALWAYS },
  };
  return { schema: described as Schema, url };
}

/** OpenAPI 3.1 from the routes' own schemas, as a file and as a page that loads nothing from elsewhere. */
export async function addOpenApi(http: Http, version: string): Promise<void> {
  await http.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sallyport',
        version,
        description: 'The site server: commands in, reads and hints out.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: SESSIONS },
    },
    transform: describe,
  });
  await http.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: DOCS_POLICY,
    uiConfig: { validatorUrl: null, tryItOutEnabled: false, supportedSubmitMethods: [] },
  });
  // Written once: it is long, and anybody may ask for it.
  let text: string | undefined;
  http.get('/api/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    text ??= JSON.stringify(http.swagger());
    return reply.type('application/json; charset=utf-8').send(text);
  });
}
