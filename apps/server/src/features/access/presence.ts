import type { Instant } from '@sallyport/basics';
import { type Permission, permissionsOf, type Presence } from '@sallyport/domain';
import { sql } from 'kysely';
import type { Db } from '../../platform/db/index.js';
import { allOfficers } from './store.js';

/**
 * When officers who hold a permission were signed in between two instants, a span for each session. The posts are those of today:
 * what somebody held then stands in the audit log.
 */
export async function presencesBetween(db: Db, permission: Permission, from: Instant, until: Instant): Promise<Presence[]> {
  const able = (await allOfficers(db)).filter(({ posts }) => permissionsOf(posts).includes(permission)).map(({ id }) => id);
  const { rows } = await sql<{ officer: string; begun: Instant; over: Instant }>`
    select officer_id as officer, made_at as begun, coalesce(ended_at, ends_at) as over from officer_session
    where stage = 'open' and officer_id = any(${able}::uuid[]) and made_at < ${new Date(until)} and coalesce(ended_at, ends_at) > ${new Date(from)}`.execute(
    db,
  );
  return rows.map(({ officer, begun, over }) => ({ officer, from: begun, until: over }));
}
