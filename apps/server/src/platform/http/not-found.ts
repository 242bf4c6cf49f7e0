import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Http } from './types.js';
import type { ProblemBody } from './problem.js';

interface KnownRoute {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

function patternOf(url: string): RegExp {
  const source = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*')));
  return new RegExp(`^${source.join('/')}$`);
}

/** Answers what no route takes: 405 with the methods that exist, 404 otherwise. Must be called before any route is added. */
export function answerUnknownPaths(http: Http): void {
  const routes = new Map<string, KnownRoute>();
  http.addHook('onRoute', ({ url, method }) => {
    if (url.endsWith('/*') || url === '*') return;
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const name of [method].flat()) route.methods.add(name);
    routes.set(url, route);
  });
  http.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?')[0] ?? '';
    const methods = [...routes.values()].filter((route) => route.pattern.test(path)).flatMap((route) => [...route.methods]);
    const body = (code: string, message: string): ProblemBody => ({ code, message, requestId: request.id });
    if (methods.length > 0) {
      const allow = [...new Set(methods)].sort().join(', ');
      return reply
        .code(405)
        .header('allow', allow)
        .send(body('METHOD_NOT_ALLOWED', `This path takes ${allow}.`));
    }
    return reply.code(404).send(body('PATH_UNKNOWN', 'There is nothing at this path on this host name. The paths are listed at /api/docs.'));
  });
}
