import type { Http, HttpContext } from './types.js';

/** Asked every few seconds by machines; of no interest unless one looks for exactly them. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics']);

/** One line and one measurement per answered request: the route's pattern, never its values. */
export function logRequests(http: Http, { log, metrics }: HttpContext): void {
  const seconds = metrics.histogram('sallyport_http_request_seconds', 'Time to answer a request', ['method', 'route', 'status']);
  http.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    seconds.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    const line = { method: request.method, route, status: reply.statusCode, ms, requestId: request.id };
    if (QUIET.has(route)) log.debug(line, 'request');
    else log.info(line, 'request');
  });
}
