import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createFamilyOf } from './families.js';
import { INDEX_POLICY, indexPage } from './index-page.js';
import { Problem } from './problem.js';
import { appPolicy } from './security-headers.js';
import type { Http, HttpContext } from './types.js';
import { APPS, createWebBuild, type WebApp } from './web-build.js';

/** Files with a hash in their name never change. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'no-cache';
const WORKER = 'service-worker.js';

function newNonce(): string {
  return randomBytes(16).toString('base64');
}

function sendPage(reply: FastifyReply, { family, page }: WebApp, origin: string): FastifyReply {
  const nonce = newNonce();
  return reply
    .headers({ 'content-security-policy': appPolicy(family, origin, nonce), 'cache-control': ASK_AGAIN })
    .type('text/html; charset=utf-8')
    .send(page.replaceAll('{{nonce}}', nonce));
}

function sendFile(reply: FastifyReply, app: WebApp, file: string, origin: string): FastifyReply {
  const inside = !file.split(/[/\\]/).includes('..');
  if (!inside || !existsSync(path.join(app.dist, file))) throw new Problem(404, 'FILE_UNKNOWN', 'This build has no such file. Load the page again.');
  return reply
    .headers({ 'content-security-policy': appPolicy(app.family, origin), 'cache-control': file.startsWith('assets/') ? FOR_EVER : ASK_AGAIN })
    .sendFile(file, app.dist, { cacheControl: false });
}

/** Serves each family's app on its host name and the index on every other. A path without a dot is a place within the app. */
export async function addWebApps(http: Http, { config }: HttpContext, folder: string = APPS): Promise<void> {
  const familyOf = createFamilyOf(config.origins);
  const builds = { cell: createWebBuild('cell', folder), hall: createWebBuild('hall', folder), console: createWebBuild('console', folder) };
  await http.register(fastifyStatic, { root: folder, serve: false, preCompressed: true });
  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const family = familyOf(request.headers.host);
    const wanted = (request.params as { '*': string })['*'];
    if (wanted.startsWith('api/') || wanted.startsWith('socket.io/')) {
      reply.callNotFound();
      return reply;
    }
    if (family === 'plain') {
      if (wanted !== '') throw new Problem(404, 'PATH_UNKNOWN', 'There is nothing at this path on this host name.');
      const nonce = newNonce();
      const built = { cell: !!builds.cell.app(), hall: !!builds.hall.app(), console: !!builds.console.app() };
      return reply
        .header('content-security-policy', INDEX_POLICY.replace('NONCE', nonce))
        .type('text/html; charset=utf-8')
        .send(indexPage(config.origins, built, nonce));
    }
    const build = builds[family];
    const app = build.app();
    if (!app) throw new Problem(404, 'APP_NOT_BUILT', 'This app is not part of this build.');
    // A worker that is half written, or lists no files yet, would be installed; the browser asks again.
    if (wanted === WORKER && build.underWay()) throw new Problem(503, 'BUILD_UNDER_WAY', 'A new build is being written. Ask again in some seconds.', 5);
    return path.extname(wanted) === '' || wanted === 'index.html'
      ? sendPage(reply, app, config.origins[family])
      : sendFile(reply, app, wanted, config.origins[family]);
  };
  http.get('/*', { schema: { hide: true } }, answer);
}
