import type { Instant } from '@sallyport/basics';
import { sql } from 'kysely';
import { at, type Db } from '../../platform/db/index.js';
import { type Jobs, RUN_AT, type SiteClock } from '../../platform/jobs/index.js';

/** Who counts as there when the clock begins to move. */
const LATELY_MS = 60_000;

export interface ClockParts {
  readonly db: Db;
  readonly clock: SiteClock;
  readonly jobs: Pick<Jobs, 'runDue'>;
}

async function nextDue(db: Db, after: Instant, until: Instant): Promise<Instant | null> {
  const row = await db
    .selectFrom('job')
    .select((select) => select.fn.min(RUN_AT).as('due'))
    .where('state', '=', 'waiting')
    .where(RUN_AT, '>', at(after))
    .where(RUN_AT, '<=', at(until))
    .executeTakeFirst();
  return row?.due ?? null;
}

/** Terminals and officers who are there do not fall silent or idle because the demonstration skips time. */
async function takeAlong(db: Db, before: Instant, now: Instant): Promise<void> {
  const since = at(before - LATELY_MS);
  const moved = new Date(now);
  await sql`update device_health set last_seen_at = ${moved} where last_seen_at >= ${since}`.execute(db);
  await sql`update officer_session set touched_at = ${moved} where touched_at >= ${since} and ended_at is null`.execute(db);
}

/**
 * Moves the site's clock to `target`, stopping at every moment at which a job falls due, so that timers run in their order and at their time.
 * A target in the past changes nothing. Returns the time then.
 */
export async function moveClock({ db, clock, jobs }: ClockParts, target: Instant): Promise<Instant> {
  await jobs.runDue();
  for (;;) {
    const before = clock.now();
    if (before >= target) return before;
    const due = await nextDue(db, before, target);
    const now = await clock.moveTo(due ?? target);
    await takeAlong(db, before, now);
    await jobs.runDue();
  }
}
