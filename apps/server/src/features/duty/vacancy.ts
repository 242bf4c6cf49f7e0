import { DAY, HOUR, type Id, type Instant } from '@sallyport/basics';
import { exclusionsOf, type PlannedSlot, proposeSubstitutes, slotByKey, type SubstituteRequest } from '@sallyport/domain';
import { sql } from 'kysely';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { PersonListener } from '../person/index.js';
import { closeWorkItems, openWorkItems } from '../work/index.js';
import { type DutyFacts, factsOfCells } from './people.js';

/** How far ahead a vacancy is looked for: early enough for a decision, late enough that somebody at the clinic may be back. */
const LOOK_AHEAD = 4 * HOUR;

interface Seat {
  readonly cell: string;
  readonly slot: string;
  readonly person: Id;
  readonly starts_at: Instant;
}

/** Who sits where around a slot: the fairness days before, a week after. */
export async function planAround(scope: CommandScope, cells: readonly string[], around: Instant): Promise<Map<string, PlannedSlot[]>> {
  const from = new Date(around - scope.policy.duty.fairness.days * DAY);
  const { rows } = await sql<{ cell: string; slot: string; people: Id[] }>`
    select cell, slot, array_agg(person order by seat) as people from duty_seat
    where cell = any(${[...cells]}::text[]) and starts_at > ${from} and starts_at < ${new Date(around + 7 * DAY)} group by cell, slot`.execute(scope.trx);
  const plans = new Map<string, PlannedSlot[]>(cells.map((cell) => [cell, []]));
  for (const { cell, slot, people } of rows) plans.get(cell)?.push({ slot, people });
  return plans;
}

/** The request for a substitute as the rules read it; null when the slot is none of the policy's. */
export async function substituteRequest(
  scope: CommandScope,
  cell: string,
  slotKey: string,
  absent: Id,
): Promise<{ request: SubstituteRequest; people: ReadonlyMap<Id, DutyFacts> } | null> {
  const slot = slotByKey(slotKey, scope.policy);
  if (!slot) return null;
  const people = await factsOfCells(scope.trx, [cell], scope.now, slot.start - DAY, scope.policy);
  const plan = (await planAround(scope, [cell], slot.start)).get(cell) ?? [];
  const seated = plan.find((one) => one.slot === slotKey)?.people ?? [];
  const partner = people.get(seated.find((id) => id !== absent) ?? '')?.duty ?? null;
  return { request: { slot, partner, absent, people: [...people.values()].map(({ duty }) => duty), plan }, people };
}

/** Seats of running and coming slots whose people cannot take them: out of the cell, moved, released, or excluded since the plan was made. */
async function emptySeats(scope: CommandScope): Promise<{ seat: Seat; cause: string }[]> {
  const { rows } = await sql<Seat>`
    select s.cell, s.slot, s.person, s.starts_at from duty_seat s
    where s.ends_at > ${new Date(scope.now)} and s.starts_at < ${new Date(scope.now + LOOK_AHEAD)}
      and not exists (select 1 from duty_sign_in i where i.slot = s.slot and i.person = s.person)
      and not exists (select 1 from duty_vacancy v where v.cell = s.cell and v.slot = s.slot and v.absent = s.person and v.state <> 'lapsed')`.execute(
    scope.trx,
  );
  if (rows.length === 0) return [];
  const cells = [...new Set(rows.map(({ cell }) => cell))];
  const people = await factsOfCells(scope.trx, cells, scope.now, scope.now - DAY, scope.policy);
  return rows.flatMap((seat) => {
    const slot = slotByKey(seat.slot, scope.policy);
    if (!slot) return [];
    const facts = people.get(seat.person);
    const cause = facts?.person.cell === seat.cell ? exclusionsOf(facts.duty, slot, scope.policy)[0] : 'NOT_IN_CELL';
    return cause === undefined ? [] : [{ seat, cause }];
  });
}

/** Finds seats that somebody else has to take, proposes who, and puts each before an officer once. */
export async function findVacancies(scope: CommandScope): Promise<void> {
  const found = await emptySeats(scope);
  const rows = [];
  for (const { seat, cause } of found) {
    const known = await substituteRequest(scope, seat.cell, seat.slot, seat.person);
    const proposed = known ? (proposeSubstitutes(known.request, scope.policy)[0]?.person ?? null) : null;
    rows.push({ id: scope.newId(), cell: seat.cell, slot: seat.slot, absent: seat.person, proposed, cause, raised_at: new Date(scope.now) });
  }
  if (rows.length === 0) return;
  const fresh = await scope.trx
    .insertInto('duty_vacancy')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['cell', 'slot', 'absent'])
        .doUpdateSet((eb) => ({ state: 'open', proposed: eb.ref('excluded.proposed'), cause: eb.ref('excluded.cause') }))
        .where('duty_vacancy.state', '=', 'lapsed'),
    )
    .returning(['id', 'cell'])
    .execute();
  await openWorkItems(
    scope,
    fresh.map(({ id, cell }) => ({ kind: 'substitute' as const, ref: id, cell })),
  );
  for (const { cell } of fresh) scope.hint({ topic: 'duty', cell });
}

/** Duty follows what happens to people: somebody taken out, moved or newly excluded leaves a seat to fill, somebody back takes the own seat again. */
export const dutyFollowsPeople: PersonListener = async (scope, changes) => {
  const back = changes.filter(({ what }) => what === 'taken-back').map(({ person }) => person);
  if (back.length > 0) {
    const lapsed = await scope.trx
      .updateTable('duty_vacancy')
      .set({ state: 'lapsed' })
      .where('absent', 'in', back)
      .where('cause', '=', 'OUT_OF_CELL')
      .where('state', '=', 'open')
      .returning('id')
      .execute();
    await closeWorkItems(
      scope,
      'substitute',
      lapsed.map(({ id }) => id),
      { by: null, what: 'taken-back' },
    );
  }
  if (changes.some(({ what }) => what !== 'admitted')) await findVacancies(scope);
};
