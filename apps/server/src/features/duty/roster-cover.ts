import { type Instant, mondayOf } from '@sallyport/basics';
import type { DutySlot } from '@sallyport/domain';
import { sql } from 'kysely';
import type { Db } from '../../platform/db/index.js';
import { siteBegan } from '../policy/index.js';

/** A slot for which a held cell has nobody. */
export interface Uncovered {
  readonly cell: string;
  readonly slot: string;
  /** Monday of the roster week to which the slot belongs. */
  readonly week: string;
  readonly starts_at: Instant;
}

/**
 * Slots that nobody was ever assigned to, of cells in which somebody is now: no seat at this very time (a changed timetable moves slots
 * away from their seats), and no approved roster that leaves the slot empty on purpose. One statement; in order of cell and time.
 */
export async function uncoveredSlots(db: Db, slots: readonly DutySlot[], cells: readonly string[] | 'all'): Promise<Uncovered[]> {
  if (slots.length === 0 || cells.length === 0) return [];
  const starts = slots.map(({ start }) => new Date(start).toISOString());
  const named = cells === 'all' ? sql`true` : sql`p.cell = any(${[...cells]}::text[])`;
  const { rows } = await sql<Uncovered>`
    select c.cell, s.slot, s.week, s.starts_at
    from (select distinct p.cell from person p where p.state = 'held' and p.cell is not null and ${named}
        and not exists (select 1 from person_absence a where a.person_id = p.id and a.until_at is null)) c
      cross join unnest(${slots.map(({ key }) => key)}::text[], ${slots.map(({ date }) => mondayOf(date))}::text[], ${starts}::timestamptz[]) as s (slot, week, starts_at)
    where not exists (select 1 from duty_seat d where d.cell = c.cell and d.slot = s.slot and d.starts_at = s.starts_at)
      and not exists (
        select 1 from (
          select r.slots from duty_roster r
          where r.cell = c.cell and r.week = s.week::date and r.state = 'approved' and r.effective_from <= s.slot order by r.version desc limit 1) r,
          jsonb_array_elements(r.slots) as e
        where e ->> 'slot' = s.slot and jsonb_array_length(e -> 'people') = 0)
    order by c.cell, s.starts_at`.execute(db);
  return rows;
}

/** Which of these cells have people and no roster for a slot that runs or comes. A slot that is over is history, and so is one that began before the site did. */
export async function cellsWithoutRoster(db: Db, slot: DutySlot, cells: readonly string[] | 'all', now: Instant): Promise<Set<string>> {
  if (cells.length === 0 || slot.end <= now) return new Set();
  const began = await siteBegan(db);
  if (began !== null && slot.start < began) return new Set();
  return new Set((await uncoveredSlots(db, [slot], cells)).map(({ cell }) => cell));
}
