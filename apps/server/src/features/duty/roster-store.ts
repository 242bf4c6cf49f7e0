import { type Id, type Instant, must } from '@sallyport/basics';
import { plannedSlot } from '@sallyport/contracts';
import type { DutySlot, PlannedSlot } from '@sallyport/domain';
import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { Db, Schema } from '../../platform/db/index.js';

export type RosterState = 'draft' | 'submitted' | 'approved' | 'returned';
/** One version of a cell's week. */
export interface Roster extends Omit<Selectable<Schema['duty_roster']>, 'slots' | 'state'> {
  readonly state: RosterState;
  readonly slots: readonly PlannedSlot[];
}

const slotsColumn = z.array(plannedSlot);
const rosterOf = (row: Selectable<Schema['duty_roster']>): Roster => ({ ...row, state: row.state as RosterState, slots: slotsColumn.parse(row.slots) });

/** The newest version of a cell's week, or null. */
export async function newestRoster(db: Db, cell: string, week: string): Promise<Roster | null> {
  const row = await db
    .selectFrom('duty_roster')
    .selectAll()
    .where('cell', '=', cell)
    .where('week', '=', week)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? rosterOf(row) : null;
}

/** One roster, locked together with every other version of its week. */
export async function lockRoster(scope: CommandScope, id: Id): Promise<Roster | null> {
  const row = await scope.trx.selectFrom('duty_roster').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row ? rosterOf(row) : null;
}

export async function rosterById(db: Db, id: Id): Promise<Roster | null> {
  const row = await db.selectFrom('duty_roster').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? rosterOf(row) : null;
}

/** Two officers who edit one week at the same moment come one after the other. */
export async function lockWeek(scope: CommandScope, cell: string, week: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${cell} ${week}`}, 8))`.execute(scope.trx);
}

/** Writes a draft: over the one under way, or as a new version after an approved one. */
export async function writeDraft(
  scope: CommandScope,
  before: Roster | null,
  cell: string,
  week: string,
  slots: readonly PlannedSlot[],
  by: Id | null,
  reason: string | null,
): Promise<{ rosterId: Id; version: number }> {
  const version = (before?.version ?? 0) + 1;
  const content = {
    version,
    state: 'draft',
    slots: JSON.stringify(slots),
    made_by: by,
    made_at: new Date(scope.now),
    reason,
    submitted_by: null,
    submitted_at: null,
    decided_by: null,
    decided_at: null,
  };
  scope.hint({ topic: 'roster', cell });
  if (before && before.state !== 'approved') {
    await scope.trx.updateTable('duty_roster').set(content).where('id', '=', before.id).execute();
    return { rosterId: before.id, version };
  }
  const id = scope.newId();
  await scope.trx
    .insertInto('duty_roster')
    .values({ id, cell, week, ...content })
    .execute();
  return { rosterId: id, version };
}

/** Who sat or will sit in these slots of a cell, as one plan. */
export async function seatedIn(db: Db, cell: string, slots: readonly DutySlot[]): Promise<PlannedSlot[]> {
  const keys = slots.map(({ key }) => key);
  if (keys.length === 0) return [];
  const { rows } = await sql<{ slot: string; people: Id[] }>`
    select slot, array_agg(person order by seat) as people from duty_seat where cell = ${cell} and slot = any(${keys}::text[]) group by slot order by slot`.execute(
    db,
  );
  return rows;
}

export interface NewSeat {
  readonly cell: string;
  readonly slot: DutySlot;
  readonly seat: number;
  readonly person: Id;
  readonly roster: Id;
}

/** Rows of one statement of seats. */
const CHUNK = 5_000;

/** Writes seats of slots that have none. Somebody who has a seat of the same slot in a cell left behind gives that one up. */
export async function insertSeats(scope: CommandScope, seats: readonly NewSeat[]): Promise<void> {
  for (let start = 0; start < seats.length; start += CHUNK) {
    const part = seats.slice(start, start + CHUNK);
    const column = (read: (seat: NewSeat) => unknown) => sql`${part.map(read)}`;
    const time = (instant: Instant) => new Date(instant).toISOString();
    await sql`
      insert into duty_seat (cell, slot, seat, person, starts_at, ends_at, source, roster)
      select cell, slot, seat, person, starts_at, ends_at, 'roster', roster from unnest(
        ${column(({ cell }) => cell)}::text[], ${column(({ slot }) => slot.key)}::text[], ${column(({ seat }) => seat)}::integer[], ${column(({ person }) => person)}::uuid[],
        ${column(({ slot }) => time(slot.start))}::timestamptz[], ${column(({ slot }) => time(slot.end))}::timestamptz[], ${column(({ roster }) => roster)}::uuid[])
        as fresh (cell, slot, seat, person, starts_at, ends_at, roster)`.execute(scope.trx);
  }
}

/** Takes the seats of coming slots away so that a newly approved roster can fill them. Slots in which somebody has signed in stay. Gives the slots now free. */
export async function clearSeats(scope: CommandScope, cell: string, slots: readonly DutySlot[], people: readonly Id[]): Promise<DutySlot[]> {
  const keys = slots.map(({ key }) => key);
  if (keys.length === 0) return [];
  const { rows: signed } = await sql<{ slot: string }>`select distinct slot from duty_sign_in where cell = ${cell} and slot = any(${keys}::text[])`.execute(
    scope.trx,
  );
  const kept = new Set(signed.map(({ slot }) => slot));
  const free = slots.filter(({ key }) => !kept.has(key));
  await sql`delete from duty_seat where slot = any(${free.map(({ key }) => key)}::text[])
    and (cell = ${cell} or (person = any(${[...people]}::uuid[]) and not exists (select 1 from duty_sign_in s where s.slot = duty_seat.slot and s.person = duty_seat.person)))`.execute(
    scope.trx,
  );
  return free;
}

export function firstKey(slots: readonly DutySlot[]): string {
  return must(slots[0], 'first slot').key;
}
