import type { Id, Instant } from '@sallyport/basics';
import { assert, must } from '@sallyport/basics';
import { type PolicyDocument, policyDocument } from '@sallyport/contracts';
import { sql } from 'kysely';
import { at, type Db } from '../../platform/db/index.js';

/** A version of the site policy as it rests in the database. */
export interface PolicyRow {
  readonly version: number;
  readonly id: Id;
  readonly document: PolicyDocument;
  readonly effectiveFrom: Instant;
  readonly reason: string;
  readonly changedBy: Id | null;
  readonly at: Instant;
}

/** Parsed documents by version id. A version never changes, so what is here is never stale. */
const parsed = new Map<Id, PolicyDocument>();
/** Versions of some sites in one process (tests); a real site reads one or two. */
const PARSED_LIMIT = 64;

function remember(id: Id, document: unknown): PolicyDocument {
  const known = parsed.get(id);
  if (known) return known;
  if (parsed.size >= PARSED_LIMIT) parsed.clear();
  const checked = policyDocument.parse(document);
  parsed.set(id, checked);
  return checked;
}

/**
 * The policy in force at an instant: the highest version whose time has come.
 * Asks only for the version's id, and for the document once; so every process sees a change with its next command.
 * @throws AssertionError before `ensureFirstPolicy`.
 */
export async function policyAt(db: Db, now: Instant): Promise<PolicyDocument> {
  const row = await db.selectFrom('policy_version').select('id').where('effective_from', '<=', at(now)).orderBy('version', 'desc').limit(1).executeTakeFirst();
  const first = row ?? (await db.selectFrom('policy_version').select('id').orderBy('version').limit(1).executeTakeFirst());
  assert(first, 'the site has a policy: ensureFirstPolicy was not called');
  const known = parsed.get(first.id);
  if (known) return known;
  const found = await db.selectFrom('policy_version').select('document').where('id', '=', first.id).executeTakeFirst();
  return remember(first.id, must(found, 'policy version').document);
}

/** A policy and the time in which it is in force; `until` is null for the last one. */
export interface PolicyPeriod {
  readonly from: Instant;
  readonly until: Instant | null;
  readonly document: PolicyDocument;
}

/**
 * Every policy of the site with its time, oldest first; the first holds for all that was before it. Of versions whose time has come the highest
 * holds, so one that a higher version overtakes has a shorter time or none. Empty before `ensureFirstPolicy`.
 */
export async function policyPeriods(db: Db): Promise<PolicyPeriod[]> {
  const periods: PolicyPeriod[] = [];
  let until: Instant | null = null;
  for (const { effectiveFrom: from, document } of await policyVersions(db)) {
    if (until !== null && from >= until) continue;
    periods.unshift({ from, until, document });
    until = from;
  }
  return periods.map((period, index) => (index === 0 ? { ...period, from: Number.NEGATIVE_INFINITY } : period));
}

/** A version to come waits here, so that two of one number never meet at the table. */
export async function lockPolicy(trx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('policy', 9))`.execute(trx);
}

/** When the site got its first policy, and with it its first slot; null before. */
export async function siteBegan(db: Db): Promise<Instant | null> {
  const first = await db.selectFrom('policy_version').select('effective_from').orderBy('version').limit(1).executeTakeFirst();
  return first?.effective_from ?? null;
}

/** All versions, newest first. */
export async function policyVersions(db: Db): Promise<PolicyRow[]> {
  const rows = await db.selectFrom('policy_version').selectAll().orderBy('version', 'desc').execute();
  return rows.map((row) => ({
    version: row.version,
    id: row.id,
    document: remember(row.id, row.document),
    effectiveFrom: row.effective_from,
    reason: row.reason,
    changedBy: row.changed_by,
    at: row.at,
  }));
}

/** Writes a version. The primary key refuses a second one with the same number. */
export async function insertPolicy(db: Db, row: PolicyRow): Promise<void> {
  await db
    .insertInto('policy_version')
    .values({
      version: row.version,
      id: row.id,
      document: JSON.stringify(row.document),
      effective_from: new Date(row.effectiveFrom),
      reason: row.reason,
      changed_by: row.changedBy,
      at: new Date(row.at),
    })
    .execute();
}

/** Version 1 of a site that has none: the defaults, or the document of a demo site. Does nothing where a version stands; safe with several processes. */
export async function ensureFirstPolicy(db: Db, first: { id: Id; now: Instant; document: PolicyDocument; reason: string }): Promise<void> {
  await db
    .insertInto('policy_version')
    .values({
      version: 1,
      id: first.id,
      document: JSON.stringify(first.document),
      effective_from: new Date(first.now),
      reason: first.reason,
      changed_by: null,
      at: new Date(first.now),
    })
    .onConflict((conflict) => conflict.column('version').doNothing())
    .execute();
}
