import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LogController, fastify } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { isLoopback } from '../config/index.js';
import { addGuards, readTls } from './guards.js';
import { createLimiters } from './limits.js';
import { answerUnknownPaths } from './not-found.js';
import { addOpenApi } from './openapi.js';
import { addOpenRoutes } from './open-routes.js';
import { createErrorHandler } from './problem.js';
import { logRequests } from './request-log.js';
import type { Http, HttpContext } from './types.js';
import { addWebApps } from './web-apps.js';

/** A batch of 50 sealed commands with long texts stays below this; files go another way. */
const BODY_LIMIT = 512 * 1024;
/** A request must be here whole within this time, so that slow senders cannot hold connections. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the idle time of usual proxies, so that the proxy closes first. */
const KEEP_ALIVE_MS = 75_000;
const LONGEST_PARAMETER = 300;

/** The version of the workspace, shown by /api/openapi.json and to the console. */
export function productVersion(): string {
  const file = fileURLToPath(new URL('../../../package.json', import.meta.url));
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/**
 * The HTTP server with everything that is common to all routes; features add theirs before it listens.
 * `apps` is the folder with the built web apps, another one in tests.
 */
export async function createHttp(context: HttpContext, apps?: string): Promise<Http> {
  const { config, log } = context;
  const http = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    // On loopback a proxy of this machine stands before the server, and says whose request it is.
    trustProxy: isLoopback(config.host) ? 'loopback' : false,
    ...(config.tls && { https: readTls(config.tls) }),
  }) as unknown as Http;
  // No route takes plain text; without its parser such a body is refused as an unsupported type.
  http.removeContentTypeParser('text/plain');
  http.setValidatorCompiler(validatorCompiler);
  http.setSerializerCompiler(serializerCompiler);
  http.setErrorHandler(createErrorHandler(log));
  answerUnknownPaths(http);
  addGuards(http, context);
  logRequests(http, context);
  http.decorate('limits', await createLimiters(http, context));
  await addOpenApi(http, productVersion());
  addOpenRoutes(http, context);
  await addWebApps(http, context, apps);
  return http;
}
