import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { DOCS_POLICY } from './security-headers.js';
import type { Http } from './types.js';

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
    },
    transform: jsonSchemaTransform,
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
