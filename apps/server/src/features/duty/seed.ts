import { addDays, DAY, mondayOf, siteTime } from '@sallyport/basics';
import { type DutySlot, proposeRoster, slotsOfWeek } from '@sallyport/domain';
import type { CommandScope } from '../../platform/commands/kind.js';
import { type DutyFacts, factsOfCells } from './people.js';
import { firstKey, insertSeats, type NewSeat } from './roster-store.js';

/** Rosters of one statement. */
const CHUNK = 500;

interface Seeded {
  readonly id: string;
  readonly cell: string;
  readonly week: string;
  readonly slots: readonly { slot: string; people: readonly string[] }[];
  readonly effectiveFrom: string;
}

/** One cell's coming slots of both weeks, proposed together so that the second follows fairly from the first. */
function seedCell(
  scope: CommandScope,
  cell: string,
  facts: readonly DutyFacts[],
  weeks: readonly { week: string; slots: readonly DutySlot[] }[],
): { rosters: Seeded[]; seats: NewSeat[] } {
  const coming = weeks.flatMap(({ slots }) => slots);
  const { slots: planned } = proposeRoster(
    { slots: coming, people: facts.map(({ duty }) => duty), history: [], fixed: [], seed: `demo ${cell}` },
    scope.policy,
  );
  const served = new Map(planned.map(({ slot, people }) => [slot, people]));
  const rosters = weeks
    .filter(({ slots }) => slots.length > 0)
    .map(({ week, slots }) => ({
      id: scope.newId(),
      cell,
      week,
      slots: slots.map(({ key }) => ({ slot: key, people: served.get(key) ?? [] })),
      effectiveFrom: firstKey(slots),
      own: slots,
    }));
  const seats = rosters.flatMap(({ id, own }) =>
    own.flatMap((slot) => (served.get(slot.key) ?? []).map((person, index) => ({ cell, slot, seat: index + 1, person, roster: id }))),
  );
  return { rosters: rosters.map(({ own: _own, ...roster }) => roster), seats };
}

/** Proposes and approves the rosters of this and the next week for every cell of a new demo site: slots that have not begun. Some statements whatever the number of cells. */
export async function seedRosters(scope: CommandScope): Promise<void> {
  const monday = mondayOf(siteTime(scope.now, scope.policy.site.timeZone).date);
  const weeks = [monday, addDays(monday, 7)].map((week) => ({ week, slots: slotsOfWeek(week, scope.policy).filter(({ start }) => start > scope.now) }));
  const byCell = new Map<string, DutyFacts[]>();
  for (const facts of (await factsOfCells(scope.trx, 'all', scope.now, scope.now - DAY, scope.policy)).values()) {
    const { cell } = facts.person;
    if (cell !== null) byCell.set(cell, [...(byCell.get(cell) ?? []), facts]);
  }
  const made = [...byCell].map(([cell, facts]) => seedCell(scope, cell, facts, weeks));
  const rows = made.flatMap(({ rosters }) =>
    rosters.map(({ id, cell, week, slots, effectiveFrom }) => ({
      id,
      cell,
      week,
      version: 1,
      state: 'approved',
      slots: JSON.stringify(slots),
      effective_from: effectiveFrom,
      made_at: new Date(scope.now),
      decided_at: new Date(scope.now),
    })),
  );
  for (let start = 0; start < rows.length; start += CHUNK)
    await scope.trx
      .insertInto('duty_roster')
      .values(rows.slice(start, start + CHUNK))
      .execute();
  await insertSeats(
    scope,
    made.flatMap(({ seats }) => seats),
  );
}
