import { HOUR, type Id } from '@sallyport/basics';
import { type DutySlot, WORK_VERDICTS } from '@sallyport/domain';
import { sql } from 'kysely';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { Db } from '../../platform/db/index.js';
import type { WorkKindDefinition } from '../../platform/feature.js';
import { closeWorkItems, openWorkItems } from '../work/index.js';
import { type Uncovered, uncoveredSlots } from './roster-cover.js';
import { timetableBetween } from './timetable.js';

/** Slots that begin within the warning time. */
async function slotsToCover({ trx, now, policy }: CommandScope): Promise<DutySlot[]> {
  return (await timetableBetween(trx, now, now + policy.duty.rosterWarnHours * HOUR, policy)).map(({ slot }) => slot);
}

/** The first uncovered slot of each cell and week. */
function firstOfWeeks(uncovered: readonly Uncovered[]): Uncovered[] {
  const weeks = new Map<string, Uncovered>();
  for (const one of uncovered) if (!weeks.has(`${one.cell} ${one.week}`)) weeks.set(`${one.cell} ${one.week}`, one);
  return [...weeks.values()];
}

/** Gaps that are not among these any more: a roster holds, nobody is held there, or the slots are over. */
async function settle(scope: CommandScope, left: readonly Uncovered[], cells: readonly string[] | 'all'): Promise<void> {
  const named = cells === 'all' ? sql`true` : sql`g.cell = any(${[...cells]}::text[])`;
  const { rows } = await sql<{ id: Id; cell: string }>`
    update duty_roster_gap g set state = 'settled' where g.state = 'open' and ${named}
      and not exists (select 1 from unnest(${left.map(({ cell }) => cell)}::text[], ${left.map(({ week }) => week)}::date[]) as f (cell, week) where f.cell = g.cell and f.week = g.week)
    returning g.id, g.cell`.execute(scope.trx);
  await closeWorkItems(
    scope,
    'roster-missing',
    rows.map(({ id }) => id),
    { by: null, what: 'settled' },
  );
}

/** Puts each week of a cell that will lack its roster before the officers once, in good time, and takes back those that have got one. Some statements whatever the number of cells. */
export async function findRosterGaps(scope: CommandScope, cells: readonly string[] | 'all' = 'all'): Promise<void> {
  const found = firstOfWeeks(await uncoveredSlots(scope.trx, await slotsToCover(scope), cells));
  await settle(scope, found, cells);
  if (found.length === 0) return;
  const { rows } = await sql<{ id: Id; cell: string }>`
    insert into duty_roster_gap (id, cell, week, slot, starts_at, noticed_at)
    select id, cell, week, slot, starts_at, ${new Date(scope.now)} from unnest(
      ${found.map(() => scope.newId())}::uuid[], ${found.map(({ cell }) => cell)}::text[], ${found.map(({ week }) => week)}::date[],
      ${found.map(({ slot }) => slot)}::text[], ${found.map(({ starts_at }) => new Date(starts_at).toISOString())}::timestamptz[]) as fresh (id, cell, week, slot, starts_at)
    on conflict (cell, week) do update set state = 'open', slot = excluded.slot, starts_at = excluded.starts_at, noticed_at = excluded.noticed_at
      where duty_roster_gap.state = 'settled'
    returning id, cell`.execute(scope.trx);
  await openWorkItems(
    scope,
    rows.map(({ id, cell }) => ({ kind: 'roster-missing' as const, ref: id, cell })),
  );
}

function gaps(db: Db, refs: readonly Id[]) {
  return db
    .selectFrom('duty_roster_gap')
    .selectAll()
    .where('id', 'in', [...refs])
    .execute();
}

/** A week of a held cell without a roster. It goes by itself when one is approved; an officer can only say what is done instead. */
export const rosterGapWork: WorkKindDefinition = {
  kind: 'roster-missing',
  verdicts: WORK_VERDICTS['roster-missing'],
  async titles(db, refs) {
    return new Map((await gaps(db, refs)).map(({ id, cell, week, slot }) => [id, { key: 'work.title.roster-missing', values: { cell, week, slot } }]));
  },
  async content(db, ref) {
    const [gap] = await gaps(db, [ref]);
    return gap ? { cell: gap.cell, week: gap.week, slot: gap.slot, startsAt: new Date(gap.starts_at).toISOString() } : null;
  },
  async apply(scope, { ref }) {
    await scope.trx.updateTable('duty_roster_gap').set({ state: 'answered' }).where('id', '=', ref).where('state', '=', 'open').execute();
  },
};
