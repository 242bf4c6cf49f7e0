import { type Id, type Instant, MINUTE } from '@sallyport/basics';
import type { PolicyDocument, Post } from '@sallyport/contracts';
import type { Db } from '../../platform/db/index.js';
import { storedPosts } from './sessions.js';

/** An officer as the rows tell. */
export interface Officer {
  readonly id: Id;
  readonly name: string;
  readonly staffNo: string;
  readonly posts: readonly Post[];
  readonly state: 'invited' | 'active' | 'disabled';
  readonly failures: number;
  readonly lockedUntil: Instant | null;
  readonly lastSignInAt: Instant | null;
  readonly version: number;
}

interface OfficerRow {
  id: Id;
  name: string;
  staff_no: string;
  posts: unknown;
  state: string;
  failures: number;
  locked_until: Instant | null;
  last_sign_in_at: Instant | null;
  version: number;
}

function officerOf(row: OfficerRow): Officer {
  return {
    id: row.id,
    name: row.name,
    staffNo: row.staff_no,
    posts: storedPosts.parse(row.posts),
    state: row.state as Officer['state'],
    failures: row.failures,
    lockedUntil: row.locked_until,
    lastSignInAt: row.last_sign_in_at,
    version: row.version,
  };
}

/** All officers by name. */
export async function allOfficers(db: Db): Promise<Officer[]> {
  return (await db.selectFrom('officer').selectAll().orderBy('name').orderBy('id').execute()).map(officerOf);
}

/** One officer; `lock` keeps others from changing the row until the transaction ends. */
export async function officerById(db: Db, id: Id, lock = false): Promise<Officer | null> {
  const query = db.selectFrom('officer').selectAll().where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row ? officerOf(row) : null;
}

/** Names of officers by id, for histories of other slices. One statement; no ids, none. */
export async function officerNames(db: Db, ids: readonly Id[]): Promise<Map<Id, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('officer')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Writes a new officer who has not signed in yet. */
export async function insertOfficer(db: Db, officer: { id: Id; name: string; staffNo: string; posts: readonly Post[]; now: Instant }): Promise<void> {
  await db
    .insertInto('officer')
    .values({
      id: officer.id,
      name: officer.name,
      staff_no: officer.staffNo,
      posts: JSON.stringify(officer.posts),
      state: 'invited',
      created_at: new Date(officer.now),
    })
    .execute();
}

/** A proof was right: the officer is active, the count of failures begins anew. */
export async function noteSignIn(db: Db, officer: Id, now: Instant): Promise<void> {
  await db
    .updateTable('officer')
    .set({ state: 'active', failures: 0, locked_until: null, last_sign_in_at: new Date(now) })
    .where('id', '=', officer)
    .where('state', '!=', 'disabled')
    .execute();
}

/** A proof was wrong: counts it, and locks the officer when policy's number is reached. Returns the end of the lock, or null. */
export async function noteFailure(db: Db, officer: Officer, now: Instant, policy: PolicyDocument): Promise<Instant | null> {
  const failures = officer.failures + 1;
  const locks = failures >= policy.session.signInTries;
  const until = locks ? now + policy.session.signInLockMinutes * MINUTE : null;
  await db
    .updateTable('officer')
    .set({ failures: locks ? 0 : failures, ...(until !== null && { locked_until: new Date(until) }) })
    .where('id', '=', officer.id)
    .execute();
  return until;
}
