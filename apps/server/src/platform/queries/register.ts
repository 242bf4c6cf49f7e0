import type { Clock, Random } from '@sallyport/basics';
import type { PolicyDocument } from '@sallyport/contracts';
import { accessRefusal } from '@sallyport/domain';
import type { FastifyRequest } from 'fastify';
import { appendAudit, auditRecord } from '../audit/index.js';
import type { ResolveDevice } from '../commands/gate.js';
import { inactiveDevice } from '../commands/inactive-device.js';
import type { OfficerActor, ResolveOfficer } from '../commands/kind.js';
import type { Keys } from '../crypto/index.js';
import type { Db } from '../db/index.js';
import type { Http } from '../http/index.js';
import { Problem } from '../http/problem.js';
import type { Query, ViewSubject } from './query.js';

export interface QueryOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: Keys;
  readonly resolveOfficer: ResolveOfficer;
  readonly resolveDevice: ResolveDevice;
  policyAt(db: Db, now: number): Promise<PolicyDocument>;
}

type Asked = Pick<FastifyRequest, 'headers' | 'params' | 'query'>;

async function note(
  options: QueryOptions,
  officer: OfficerActor,
  action: string,
  outcome: 'accepted' | 'refused',
  subject: ViewSubject | null,
  code?: string,
): Promise<void> {
  const { random, clock, db } = options;
  const record = auditRecord(
    {
      at: clock.now(),
      action,
      actor: { kind: 'officer', id: officer.id },
      session: officer.sessionId,
      outcome,
      subject: subject && { kind: subject.subjectKind, id: subject.subjectId },
      cell: subject?.cell ?? null,
      reason: code ?? subject?.reason ?? null,
      shown: subject?.shown,
      detail: subject?.detail,
    },
    random,
  );
  await db.transaction().execute((trx) => appendAudit(trx, [record]));
}

/** Lets the officer in, or says why not; a refusal for want of a right is audited. */
async function officerOf(options: QueryOptions, query: Extract<Query, { by: 'officer' }>, request: Asked): Promise<OfficerActor> {
  const officer = await options.resolveOfficer(request);
  if (!officer) throw new Problem(401, 'NOT_SIGNED_IN', 'Sign in on the console first.');
  if (officer.locked && !query.whileLocked) throw new Problem(423, 'SESSION_LOCKED', 'The console is locked. Unlock it first.');
  if (query.permission === 'session') return officer;
  const wanted = [query.permission].flat();
  const codes = wanted.map((permission) => accessRefusal(officer.posts, permission, null));
  const [code] = codes;
  if (code && !codes.includes(null)) {
    await note(options, officer, 'query.refuse', 'refused', { subjectKind: 'query', subjectId: query.contract.path }, code);
    throw new Problem(403, code, `None of your posts gives ${wanted.join(' or ')}.`);
  }
  return officer;
}

async function deviceOf(options: QueryOptions, request: Asked) {
  const session = await options.resolveDevice(request, true);
  if (!session?.current) throw new Problem(401, 'NOT_SIGNED_IN', 'Open a session at /api/device/session first.');
  const { actor } = session.device;
  if (actor.state !== 'active') throw inactiveDevice(actor.state);
  return actor;
}

/** The database holds no NUL; what is asked with one finds nothing, and is told so before it gets there. */
function withoutNul({ params, query }: Asked): void {
  const asked = Object.entries({ ...(params as object), ...(query as object) });
  const bad = asked.find(([, value]) => typeof value === 'string' && value.includes('\u0000'));
  if (bad) throw new Problem(400, 'REQUEST_INVALID', `${bad[0]}: must not hold the character NUL. Correct this and send again.`);
}

async function answer(options: QueryOptions, query: Query, request: Asked): Promise<unknown> {
  const { db, clock, keys } = options;
  const base = async () => {
    const now = clock.now();
    return { db, now, keys, policy: await options.policyAt(db, now) };
  };
  withoutNul(request);
  if (query.by === 'device') {
    const actor = await deviceOf(options, request);
    return query.read({ ...(await base()), actor }, request.params as never, request.query as never);
  }
  const actor = await officerOf(options, query, request);
  const found = await query.read({ ...(await base()), actor }, request.params as never, request.query as never);
  const subject = found === null ? null : (query.audit?.(request.params as never, request.query as never) ?? null);
  // Before the answer leaves: what cannot be noted is not shown.
  if (subject) await note(options, actor, `${subject.subjectKind}.view`, 'accepted', subject);
  return found;
}

/** Makes every query a GET route of its audience's host name: access, checked parameters, checked answer, audit of what was shown. */
export function addQueryRoutes(http: Http, queries: readonly Query[], options: QueryOptions): void {
  for (const query of queries) {
    const { path, audience, summary, params, search, response } = query.contract;
    http.get(
      path,
      { config: { audience }, schema: { summary, tags: ['queries'], params, querystring: search, response: { 200: response } } },
      async (request) => {
        const found = await answer(options, query, request as Asked);
        if (found === null) throw new Problem(404, 'NOT_FOUND', 'There is no such thing, or it is not yours to see.');
        return found as never;
      },
    );
  }
}
