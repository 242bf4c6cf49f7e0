import { readFileSync } from 'node:fs';
import { ConfigError } from '../config/index.js';
import type { Http, HttpContext } from './types.js';
import { type Family, createFamilyOf, isOwnOrigin } from './families.js';
import { Problem } from './problem.js';
import { API_POLICY, commonHeaders } from './security-headers.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What stands before every route: the common headers, the route's host names, and the origin of whatever may change something. */
export function addGuards(http: Http, { config }: HttpContext): void {
  const familyOf = createFamilyOf(config.origins);
  const secure = Object.values(config.origins).every((origin) => origin.startsWith('https:'));
  const headers = new Map<Family, Record<string, string>>();
  for (const family of ['cell', 'hall', 'console', 'plain'] as const)
    headers.set(family, { ...commonHeaders(secure, family), 'content-security-policy': API_POLICY, 'cache-control': 'no-store' });
  http.addHook('onRequest', async (request, reply) => {
    const family = familyOf(request.headers.host);
    reply.headers(headers.get(family) ?? {});
    const { audience } = request.routeOptions.config;
    if (audience !== undefined && ![audience].flat().some((allowed) => allowed === family)) {
      const homes = [audience].flat().map((allowed) => config.origins[allowed]);
      throw new Problem(404, 'WRONG_HOST_NAME', `This path answers on ${homes.join(' and ')} only.`);
    }
    if (!READS.has(request.method) && !isOwnOrigin(request.headers, config.origins, familyOf)) {
      throw new Problem(403, 'FOREIGN_ORIGIN', 'A page of another origin may not send this. Open the app at its own address.');
    }
  });
}

function readPem(variable: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigError([`${variable} ${file} cannot be read (${(error as NodeJS.ErrnoException).code}). Name a PEM file that the server's user may read.`]);
  }
}

/**
 * The certificate files, read at start so that a wrong path is told at once.
 * @throws ConfigError naming the variable and the file.
 */
export function readTls(tls: NonNullable<HttpContext['config']['tls']>): { cert: Buffer; key: Buffer; minVersion: 'TLSv1.2' } {
  return { cert: readPem('TLS_CERT_FILE', tls.certFile), key: readPem('TLS_KEY_FILE', tls.keyFile), minVersion: 'TLSv1.2' };
}
