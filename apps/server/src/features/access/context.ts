import type { IncomingHttpHeaders } from 'node:http';
import type { Id, Instant } from '@sallyport/basics';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { Services } from '../../platform/feature.js';
import { Problem } from '../../platform/http/index.js';
import { sessionCookie } from './cookie.js';
import { openSession, type Session, type SessionDeps, sessionEnd, sessionOf } from './sessions.js';
import { newToken, tokenHash } from './tokens.js';

/** What the routes of this slice share. */
export interface AccessContext {
  readonly services: Services;
  readonly sessions: SessionDeps;
  readonly secure: boolean;
  /** RP id of the officers' passkeys: the console's host name. */
  readonly rpId: string;
}

export function accessContext(services: Services): AccessContext {
  const { db, clock, keys, config } = services;
  const secure = config.origins.console.startsWith('https:');
  const policyAt: Services['policyAt'] = (from, now) => services.policyAt(from, now);
  return { services, secure, sessions: { db, clock, keys, policyAt, secure }, rpId: new URL(config.origins.console).hostname };
}

/** A refusal decided inside a transaction that commits, so that counts and audit stay; the route throws it afterwards. */
export interface Denied {
  readonly denied: { readonly status: number; readonly code: string; readonly message: string };
}
export function denied(status: number, code: string, message: string): Denied {
  return { denied: { status, code, message } };
}

/** Runs a step in one transaction; what it denies becomes the answer after the commit. */
export async function decide<Value extends object>(context: AccessContext, work: (scope: CommandScope) => Promise<Value | Denied>): Promise<Value> {
  const result = await context.services.transact(work);
  if ('denied' in result) throw new Problem(result.denied.status, result.denied.code, result.denied.message);
  return result;
}

/** The session of a request. @throws Problem 401 without one. */
export async function requireSession(context: AccessContext, headers: IncomingHttpHeaders): Promise<Session> {
  const session = await sessionOf(context.sessions, headers);
  if (!session) throw new Problem(401, 'NOT_SIGNED_IN', 'Sign in first.');
  return session;
}

/** Opens a session of an officer; gives the Set-Cookie header and the session's id. `fresh`: the proof just given covers sensitive acts too. */
export async function startSession(
  context: AccessContext,
  scope: CommandScope,
  officer: Id,
  stage: Session['stage'],
  fresh: boolean,
): Promise<{ cookie: string; session: Id; endsAt: Instant }> {
  const { keys, now, random } = scope;
  const token = newToken(random);
  const id = scope.newId();
  const endsAt = sessionEnd(stage, now, scope.policy);
  await openSession(scope.trx, { id, hash: tokenHash(keys, 'session', token), officer, stage, now, endsAt, fresh });
  return { cookie: sessionCookie(context.secure, token), session: id, endsAt };
}
