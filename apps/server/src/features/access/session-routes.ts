import { linkPath, linkRequest, linkResponse, lockPath, signOutPath, touchPath } from '@sallyport/contracts';
import { z } from 'zod';
import type { Http } from '../../platform/http/index.js';
import { auditAccess } from './audit.js';
import { type AccessContext, decide, denied, requireSession, startSession } from './context.js';
import { endedCookie } from './cookie.js';
import { useLink } from './links.js';
import { endSession, lockSession, refreshSession, sessionOf, touch } from './sessions.js';
import { noteSignIn } from './store.js';

const done = z.object({ done: z.literal(true) });
const empty = z.strictObject({});
const tags = ['access'];
const config = { audience: 'console' as const };

/** Redeems a one-time link: in the demonstration it signs in at once, otherwise it opens the one step of registering a passkey. */
function addLinkRoute(http: Http, context: AccessContext): void {
  const schema = { summary: 'Redeems a one-time link', tags, body: linkRequest, response: { 200: linkResponse } };
  http.post(linkPath, { config: { ...config, open: true }, schema }, async (request, reply) => {
    const { demo } = context.services.config;
    const before = await sessionOf(context.sessions, request.headers);
    const limit = http.limits['access-link'];
    const wait = await limit.spent(request);
    const found = await decide(context, async (scope) => {
      const { trx, keys, now } = scope;
      const link = await useLink(trx, keys, request.body.token, now);
      if (!link) {
        if (wait !== null) return { wait };
        await limit.count(request);
        await auditAccess(scope, { action: 'access.link', outcome: 'refused', officer: null, reason: 'LINK_NOT_VALID' });
        return denied(403, 'LINK_NOT_VALID', 'This link is unknown, used or too old. Ask a security administrator for a new one.');
      }
      const stage = demo ? 'open' : 'registering';
      if (demo) await noteSignIn(trx, link.officer, now);
      if (before?.officer === link.officer && before.stage === stage) {
        await refreshSession(trx, before.id, now);
        await auditAccess(scope, { action: 'access.link', outcome: 'accepted', officer: link.officer, session: before.id });
        return { ...link, stage, cookie: null };
      }
      if (before) await endSession(trx, before.id, now);
      const { cookie, session } = await startSession(context, scope, link.officer, stage, demo);
      await auditAccess(scope, { action: 'access.link', outcome: 'accepted', officer: link.officer, session });
      scope.hint({ topic: 'access', cell: null });
      return { ...link, stage, cookie };
    });
    if ('wait' in found) throw limit.refusal(found.wait);
    if (found.cookie) void reply.header('set-cookie', found.cookie);
    return { officer: { id: found.officer, name: found.name }, next: found.stage === 'open' ? ('signed-in' as const) : ('register-passkey' as const) };
  });
}

/** Locking, touching and ending the own session; locking and ending also work while it is locked. */
export function addSessionRoutes(http: Http, context: AccessContext): void {
  addLinkRoute(http, context);
  const schema = (summary: string) => ({ summary, tags, body: empty, response: { 200: done } });
  http.post(lockPath, { config, schema: schema('Locks the own session until a fresh proof') }, async (request) => {
    const session = await requireSession(context, request.headers);
    await decide(context, async (scope) => {
      await lockSession(scope.trx, session.id, scope.now);
      await auditAccess(scope, { action: 'access.lock', outcome: 'accepted', officer: session.officer, session: session.id });
      return {};
    });
    return { done: true as const };
  });
  http.post(touchPath, { config, schema: schema('Says that the officer is at the console') }, async (request) => {
    const session = await requireSession(context, request.headers);
    await touch(context.services.db, session, context.services.clock.now());
    return { done: true as const };
  });
  http.post(signOutPath, { config, schema: schema('Ends the own session') }, async (request, reply) => {
    const session = await requireSession(context, request.headers);
    await decide(context, async (scope) => {
      await endSession(scope.trx, session.id, scope.now);
      scope.disconnect({ kind: 'session', id: session.id });
      scope.hint({ topic: 'access', cell: null });
      await auditAccess(scope, { action: 'access.sign-out', outcome: 'accepted', officer: session.officer, session: session.id });
      return {};
    });
    void reply.header('set-cookie', endedCookie(context.secure));
    return { done: true as const };
  });
}
