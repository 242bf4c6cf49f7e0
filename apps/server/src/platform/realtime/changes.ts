import { type Instant, must } from '@sallyport/basics';
import { topic as topicSchema, type Topic } from '@sallyport/contracts';
import { type RawBuilder, sql } from 'kysely';
import type { Hint } from '../commands/kind.js';
import type { Db, Trx } from '../db/index.js';

/*
 * The feed is read in commit order (decision 8). A cursor is a transaction id: everything below it has ended and was seen. Rows of
 * newer transactions that are already visible are given too, but the cursor never passes one that may still commit, so that nothing
 * is skipped and a hint can come twice.
 */

/** A transaction id of 64 bits; no site comes near 18 digits. */
const CURSOR = /^\d{1,18}$/;
/** More distinct topics and cells than any site has; beyond it a client reads everything anew. */
const CHANGES_LIMIT = 2_000;

/** The statement that adds hints to the feed, for a caller who writes more with it. */
export function changesInsert(now: Instant, hints: readonly Hint[]): RawBuilder<unknown> {
  return sql`
    insert into change_event (topic, cell, at)
    select topic, cell, ${new Date(now).toISOString()}::timestamptz
    from unnest(${hints.map((hint) => hint.topic)}::text[], ${hints.map((hint) => hint.cell)}::text[]) as hint (topic, cell)`;
}

/** The cursor from which the hints that a statement adds will be found. */
export const FENCE = sql<string>`pg_snapshot_xmin(pg_current_snapshot())::text`;

/** Adds hints to the feed in the caller's transaction, in one statement. Gives a cursor from which they will be found. */
export async function appendChanges(trx: Trx, now: Instant, hints: readonly Hint[]): Promise<string> {
  const { rows } = await sql<{ fence: string }>`${changesInsert(now, hints)} returning ${FENCE} as fence`.execute(trx);
  return must(rows[0], 'row of the feed').fence;
}

export interface ChangesAnswer {
  readonly changes: { readonly topic: Topic; readonly cell: string | null }[];
  readonly cursor: string;
  /** The cursor is too old, from another database or missing: read everything anew. */
  readonly reset: boolean;
}

/** Which topics, and which cells' rows; hints without a cell concern everybody. */
export interface ChangeFilter {
  readonly topics?: readonly Topic[];
  /** Undefined: every cell. */
  readonly cells?: readonly string[];
  readonly blocks?: readonly string[];
}

/** Distinct topics and cells that changed since a cursor. Without a cursor: no changes, only where the feed stands. */
export async function changesSince(db: Db, since: string | undefined, filter: ChangeFilter = {}): Promise<ChangesAnswer> {
  const known = since !== undefined && CURSOR.test(since) ? since : null;
  const { topics, cells, blocks } = filter;
  const narrowed = cells !== undefined || blocks !== undefined;
  const { rows } = await sql<{ fence: string; fresh: boolean; topic: string | null; cell: string | null }>`
    with position as materialized (
      select pg_snapshot_xmin(pg_current_snapshot()) as fence,
        ${known}::xid8 is not null and ${known}::xid8 >= (select xid from change_floor) and ${known}::xid8 <= pg_snapshot_xmin(pg_current_snapshot()) as fresh
    ), changed as (
      select topic, cell, max(id) as last from change_event, position
      where position.fresh and change_event.xid >= ${known}::xid8
        and (${topics === undefined} or topic = any(${topics ?? []}::text[]))
        and (${!narrowed} or cell is null or cell = any(${cells ?? []}::text[]) or left(cell, 2) = any(${blocks ?? []}::text[]))
      group by topic, cell order by last limit ${CHANGES_LIMIT + 1}
    )
    select position.fence::text as fence, position.fresh, changed.topic, changed.cell from position left join changed on true order by changed.last`.execute(
    db,
  );
  const first = must(rows[0], 'position of the feed');
  const reset = !first.fresh || rows.length > CHANGES_LIMIT;
  const changes = reset ? [] : rows.flatMap((row) => (row.topic === null ? [] : [{ topic: topicSchema.parse(row.topic), cell: row.cell }]));
  return { changes, cursor: first.fence, reset };
}

/** Where the feed stands now. */
export async function currentCursor(db: Db): Promise<string> {
  const { rows } = await sql<{ fence: string }>`select pg_snapshot_xmin(pg_current_snapshot())::text as fence`.execute(db);
  return must(rows[0], 'position of the feed').fence;
}

/** Deletes what is older than `before`; cursors below it are answered with `reset` from then on. */
export async function pruneChanges(trx: Trx, before: Instant): Promise<void> {
  await sql`
    with gone as (delete from change_event where at < ${new Date(before).toISOString()}::timestamptz returning xid)
    update change_floor set xid = greatest(xid, (select max(xid::text::numeric) + 1 from gone)::text::xid8) where exists (select 1 from gone)`.execute(trx);
}
