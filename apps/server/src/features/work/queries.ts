import { assert, type Id, type Instant, must } from '@sallyport/basics';
import { id as idText, instantText, type SearchOf, type WorkRow, workDetail, workQueue } from '@sallyport/contracts';
import { sql } from 'kysely';
import { z } from 'zod';
import { at, type Db } from '../../platform/db/index.js';
import type { WorkTitle } from '../../platform/feature.js';
import { officerQuery, positionText, type Query, readPosition } from '../../platform/queries/index.js';
import { maySee, visibleTo } from './access.js';
import type { WorkKinds, WorkReadScope } from './kind.js';
import { isHeld, type WorkItem } from './store.js';

const DEFAULT_LIMIT = 100;
const iso = (instant: Instant) => new Date(instant).toISOString();

function bareTitle(item: WorkItem): WorkTitle {
  return { key: `work.title.${item.kind}`, values: { cell: item.cell ?? '', place: item.place ?? '' } };
}

function rowOf(item: WorkItem, kinds: WorkKinds, scope: WorkReadScope, title: WorkTitle | undefined): WorkRow {
  const { actor, now } = scope;
  const held = isHeld(item, now);
  return {
    id: item.id,
    kind: item.kind,
    ref: item.ref,
    cell: item.cell,
    place: item.place,
    priority: item.priority,
    title: { key: (title ?? bareTitle(item)).key, values: { ...(title ?? bareTitle(item)).values } },
    people: [...(title?.people ?? [])],
    createdAt: iso(item.created_at),
    deadline: iso(item.deadline),
    deadlineStartedAt: iso(item.created_at),
    escalated: item.escalated,
    escalatedTo: item.escalated_to as WorkRow['escalatedTo'],
    state: item.state === 'claimed' && !held ? 'open' : item.state,
    version: item.version,
    holder: held
      ? {
          id: must(item.holder, 'holder'),
          name: must(item.holder_name, 'holder_name'),
          since: iso(must(item.held_since, 'held_since')),
          leaseUntil: iso(must(item.lease_until, 'lease_until')),
          mine: item.holder === actor.id,
        }
      : null,
    decision: item.verdict
      ? {
          verdict: item.verdict,
          by: item.decided_name ?? '',
          at: iso(must(item.decided_at, 'decided_at')),
          undoUntil: item.state === 'decided' && item.undo_until !== null ? iso(item.undo_until) : null,
          mine: item.decided_by === actor.id,
          reasonCode: item.reason_code,
          note: item.note,
        }
      : null,
    verdicts: (kinds.get(item.kind)?.verdicts ?? []).map(({ verdict, needs, reasons }) => ({ verdict, needs: [...needs], reasons: [...reasons] })),
  };
}

/** The rows of many items, each kind asked once for all its titles. */
async function rowsOf(items: readonly WorkItem[], kinds: WorkKinds, scope: WorkReadScope): Promise<WorkRow[]> {
  const titles = new Map<Id, WorkTitle>();
  for (const [kind, definition] of kinds) {
    const refs = items.filter((item) => item.kind === kind).map(({ ref }) => ref);
    if (refs.length > 0) for (const [ref, title] of await definition.titles(scope.db, refs)) titles.set(ref, title);
  }
  return items.map((item) => rowOf(item, kinds, scope, titles.get(item.ref)));
}

type Search = SearchOf<typeof workQueue>;
const CURSOR_OF = {
  waiting: (item: WorkItem) => [item.rank, iso(item.deadline), iso(item.created_at), item.id],
  done: (item: WorkItem) => [iso(must(item.done_at, 'done_at')), item.id],
} as const;
const WAITING_POSITION = [z.coerce.number().int().min(0).max(1_000), instantText, instantText, idText] as const;
const DONE_POSITION = [instantText, idText] as const;

function pageOf(db: Db, scope: WorkReadScope, search: Search) {
  const done = search.state === 'done';
  let query = db
    .selectFrom('work_item')
    .selectAll()
    .where(visibleTo(scope.actor))
    .where('state', done ? '=' : '<>', 'done');
  if (search.kind) query = query.where('kind', '=', search.kind);
  if (search.cell) query = query.where('cell', '=', search.cell);
  if (done) {
    const after = readPosition(search.cursor, DONE_POSITION);
    if (after) query = query.where(sql<boolean>`(done_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
    return query.orderBy('done_at', 'desc').orderBy('id', 'desc');
  }
  const after = readPosition(search.cursor, WAITING_POSITION);
  if (after)
    query = query.where(
      sql<boolean>`(rank, deadline, created_at, id) > (${after[0]}::integer, ${after[1]}::timestamptz, ${after[2]}::timestamptz, ${after[3]}::uuid)`,
    );
  return query.orderBy('rank').orderBy('deadline').orderBy('created_at').orderBy('id');
}

/** How many wait, by kind, beside `waiting` (all) and `mine` (held by this officer). */
async function countsFor(scope: WorkReadScope): Promise<Record<string, number>> {
  const rows = await scope.db
    .selectFrom('work_item')
    .select([
      'kind',
      sql<number>`count(*)`.as('count'),
      sql<number>`count(*) filter (where holder = ${scope.actor.id} and lease_until > ${at(scope.now)})`.as('mine'),
    ])
    .where(visibleTo(scope.actor))
    .where('state', 'in', ['open', 'claimed'])
    .groupBy('kind')
    .execute();
  const total = (read: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + read(row), 0);
  return { ...Object.fromEntries(rows.map(({ kind, count }) => [kind, count])), waiting: total(({ count }) => count), mine: total(({ mine }) => mine) };
}

export async function historyOf(db: Db, table: 'work_event' | 'alert_event', id: Id) {
  const rows = await sql<{ at: Instant; who: string | null; what: string; note: string | null }>`
    select at, who_name as who, what, note from ${sql.table(table)} where ${sql.ref(table === 'work_event' ? 'item' : 'alert')} = ${id} order by seq limit 500`.execute(
    db,
  );
  return rows.rows.map((row) => ({ ...row, at: iso(row.at) }));
}

async function viewersOf(scope: WorkReadScope, item: Id): Promise<string[]> {
  const rows = await scope.db
    .selectFrom('work_viewer')
    .select('name')
    .where('item', '=', item)
    .where('officer', '<>', scope.actor.id)
    .where('until_at', '>', at(scope.now))
    .orderBy('name')
    .execute();
  return rows.map(({ name }) => name);
}

/** The queue's reads over the kinds that the slices registered. */
export function workQueries(kinds: WorkKinds): Query[] {
  return [
    officerQuery<typeof workQueue>({
      contract: workQueue,
      permission: 'work.read',
      audit: null,
      async read(scope, _params, search) {
        const limit = search.limit ?? DEFAULT_LIMIT;
        const items = (await pageOf(scope.db, scope, search)
          .limit(limit + 1)
          .execute()) as WorkItem[];
        const page = items.slice(0, limit);
        const last = page.at(-1);
        const cursorOf = CURSOR_OF[search.state ?? 'waiting'];
        return {
          rows: await rowsOf(page, kinds, scope),
          nextCursor: items.length > limit && last ? positionText(cursorOf(last)) : null,
          asOf: iso(scope.now),
          counts: await countsFor(scope),
        };
      },
    }),
    officerQuery<typeof workDetail>({
      contract: workDetail,
      permission: 'work.read',
      audit: (params) => ({ subjectKind: 'work-item', subjectId: params.id }),
      async read(scope, { id }) {
        const item = (await scope.db.selectFrom('work_item').selectAll().where('id', '=', id).executeTakeFirst()) as WorkItem | undefined;
        if (!item || !maySee(scope.actor, item)) return null;
        const [row] = await rowsOf([item], kinds, scope);
        assert(row, 'one item gives one row');
        const content = (await kinds.get(item.kind)?.content?.(scope.db, item.ref)) ?? null;
        return { ...row, history: await historyOf(scope.db, 'work_event', id), viewers: await viewersOf(scope, id), content };
      },
    }),
  ];
}
