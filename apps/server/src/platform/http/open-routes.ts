import { z } from 'zod';
import { shared } from './health.js';
import type { Http, HttpContext } from './types.js';

const readiness = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), reason: z.string().optional() })),
});

/** What answers on every host name without a sign-in: the state of the process, for load balancers and Prometheus. */
export function addOpenRoutes(http: Http, { metrics, health }: HttpContext): void {
  const figures = shared(() => metrics.text());
  let stopping = false;
  http.addHook('preClose', async () => {
    stopping = true;
  });
  http.get(
    '/healthz',
    { schema: { summary: 'The process is alive', tags: ['operation'], response: { 200: z.object({ alive: z.literal(true) }) } } },
    async () => ({ alive: true as const }),
  );
  const schema = { summary: 'Whether this process should get requests, with every check', tags: ['operation'], response: { 200: readiness, 503: readiness } };
  http.get('/readyz', { schema }, async (_request, reply) => {
    const results = await health.run();
    const checks = [...results, ...(stopping ? [{ name: 'stopping', ok: false, reason: 'the server is stopping' }] : [])];
    const ready = checks.every((check) => check.ok);
    return reply.code(ready ? 200 : 503).send({ ready, checks });
  });
  http.get('/metrics', { schema: { summary: 'Figures for Prometheus', tags: ['operation'] } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await figures()),
  );
}
