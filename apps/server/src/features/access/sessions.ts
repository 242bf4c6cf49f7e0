import type { IncomingHttpHeaders } from 'node:http';
import { HOUR, type Id, type Instant, MINUTE, SECOND } from '@sallyport/basics';
import { type PolicyDocument, type Post, post } from '@sallyport/contracts';
import { z } from 'zod';
import type { OfficerActor, ResolveOfficer } from '../../platform/commands/kind.js';
import { at, type Db } from '../../platform/db/index.js';
import type { Services } from '../../platform/feature.js';
import { sessionToken } from './cookie.js';
import { tokenHash } from './tokens.js';

/** Parses the posts of a row. The database holds nothing else: its constraint and the contract wrote them. */
export const storedPosts = z.array(post);

/** A session that has not ended, as its cookie found it. */
export interface Session {
  readonly id: Id;
  readonly officer: Id;
  readonly name: string;
  readonly posts: readonly Post[];
  /** `registering`: good for registering a passkey and nothing else. */
  readonly stage: 'registering' | 'open';
  readonly locked: boolean;
  readonly touchedAt: Instant;
  readonly endsAt: Instant;
  readonly steppedUpUntil: Instant | null;
}

export type SessionDeps = Pick<Services, 'db' | 'clock' | 'keys' | 'policyAt'> & { readonly secure: boolean };

/** Touches are written at most this often: enough for locks counted in minutes, and it spares a write per request. */
const TOUCH_EVERY_MS = 20 * SECOND;
/** A redeemed link has this long to register its passkey. */
export const REGISTERING_MINUTES = 15;

/** How long a session of a stage lasts. */
export function sessionEnd(stage: Session['stage'], now: Instant, policy: PolicyDocument): Instant {
  return stage === 'open' ? now + policy.session.absoluteHours * HOUR : now + REGISTERING_MINUTES * MINUTE;
}

async function readSession(db: Db, hash: Buffer, now: Instant) {
  return db
    .selectFrom('officer_session')
    .innerJoin('officer', 'officer.id', 'officer_session.officer_id')
    .select(['officer_session.id', 'officer_id', 'officer.name', 'officer.posts', 'stage', 'touched_at', 'ends_at', 'locked_at', 'stepped_up_at'])
    .where('token_hash', '=', hash)
    .where('ended_at', 'is', null)
    .where('ends_at', '>', at(now))
    .where('officer.state', '!=', 'disabled')
    .executeTakeFirst();
}

/** The session of a request's cookie; null without one, after its end, or when the officer was disabled. A step-up counts for the minutes of policy. */
export async function sessionOf({ db, clock, keys, policyAt, secure }: SessionDeps, headers: IncomingHttpHeaders): Promise<Session | null> {
  const token = sessionToken(headers.cookie, secure);
  if (!token || token.length > 100) return null;
  const now = clock.now();
  const row = await readSession(db, tokenHash(keys, 'session', token), now);
  if (!row) return null;
  const { session } = await policyAt(db, now);
  const steppedUpUntil = row.stepped_up_at === null ? null : row.stepped_up_at + session.stepUpMinutes * MINUTE;
  return {
    id: row.id,
    officer: row.officer_id,
    name: row.name,
    posts: storedPosts.parse(row.posts),
    stage: row.stage === 'open' ? 'open' : 'registering',
    locked: row.locked_at !== null || now - row.touched_at >= session.idleLockMinutes * MINUTE,
    touchedAt: row.touched_at,
    endsAt: row.ends_at,
    steppedUpUntil: steppedUpUntil !== null && steppedUpUntil > now ? steppedUpUntil : null,
  };
}

/** Notes that the officer is there. A locked session stays locked: only a proof wakes it. */
export async function touch(db: Db, session: Session, now: Instant): Promise<void> {
  if (session.locked || now - session.touchedAt < TOUCH_EVERY_MS) return;
  await db
    .updateTable('officer_session')
    .set({ touched_at: new Date(now) })
    .where('id', '=', session.id)
    .where('locked_at', 'is', null)
    .execute();
}

export function actorOf(session: Session): OfficerActor {
  const { id, officer, name, posts, steppedUpUntil, locked } = session;
  return { kind: 'officer', id: officer, name, sessionId: id, posts, steppedUpUntil, locked };
}

/** A request as the door passes it on; `url` where it has one. */
interface OfficerRequest {
  readonly headers: IncomingHttpHeaders;
  readonly url?: string;
}

/**
 * Whether a request is something that the officer did. A console reads by itself whenever anything changes and says every few seconds
 * which item is open, so neither keeps a session awake; what has a body does, and so does `POST /api/access/touch`.
 */
function isTouch({ headers, url }: OfficerRequest): boolean {
  return headers['content-type'] !== undefined && !url?.endsWith('/view');
}

/** Who sent a request, by its session cookie; also for a locked session, which the actor then says. */
export function createResolveOfficer(deps: SessionDeps): ResolveOfficer {
  return async (request: OfficerRequest) => {
    const session = await sessionOf(deps, request.headers);
    if (session?.stage !== 'open') return null;
    if (isTouch(request)) await touch(deps.db, session, deps.clock.now());
    return actorOf(session);
  };
}

/** Opens a session and hands out its token; sessions of the same officer on other consoles stay. */
export async function openSession(
  db: Db,
  row: { id: Id; hash: Buffer; officer: Id; stage: Session['stage']; now: Instant; endsAt: Instant; fresh: boolean },
): Promise<void> {
  const now = new Date(row.now);
  await db
    .insertInto('officer_session')
    .values({
      id: row.id,
      token_hash: row.hash,
      officer_id: row.officer,
      stage: row.stage,
      made_at: now,
      touched_at: now,
      ends_at: new Date(row.endsAt),
      stepped_up_at: row.fresh ? now : null,
    })
    .execute();
}

/** A fresh proof: unlocks, and opens sensitive acts for the minutes of policy. */
export async function refreshSession(db: Db, session: Id, now: Instant): Promise<void> {
  await db
    .updateTable('officer_session')
    .set({ touched_at: new Date(now), stepped_up_at: new Date(now), locked_at: null })
    .where('id', '=', session)
    .execute();
}

/** Locks a session until a proof. */
export async function lockSession(db: Db, session: Id, now: Instant): Promise<void> {
  await db
    .updateTable('officer_session')
    .set({ locked_at: new Date(now), stepped_up_at: null })
    .where('id', '=', session)
    .execute();
}

/** Ends one session. */
export async function endSession(db: Db, session: Id, now: Instant): Promise<void> {
  await db
    .updateTable('officer_session')
    .set({ ended_at: new Date(now) })
    .where('id', '=', session)
    .where('ended_at', 'is', null)
    .execute();
}

/** Ends every session of an officer. */
export async function endSessionsOf(db: Db, officer: Id, now: Instant): Promise<void> {
  await db
    .updateTable('officer_session')
    .set({ ended_at: new Date(now) })
    .where('officer_id', '=', officer)
    .where('ended_at', 'is', null)
    .execute();
}
