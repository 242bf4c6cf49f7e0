import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Audience } from '@sallyport/contracts';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Config } from '../config/index.js';
import type { Log } from '../log/index.js';
import type { Metrics } from '../metrics/index.js';
import type { Health } from './health.js';
import type { Limiters } from './limits.js';

/** The HTTP server to which features add their routes; schemas are zod. */
export type Http = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider> & {
  /** What may be done without a session. */
  readonly limits: Limiters;
};

export interface HttpContext {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: Health;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The app families on whose host names the route answers; every host name where left out. */
    audience?: Audience | readonly Audience[];
    /** True where no session is asked for; the document of the API says so. */
    open?: boolean;
  }
}
