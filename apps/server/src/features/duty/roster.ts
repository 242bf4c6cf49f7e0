import { addDays, DAY, type Id, type Instant, mondayOf, siteTime } from '@sallyport/basics';
import type { PolicyDocument, RosterConflict } from '@sallyport/contracts';
import { conflictsOf, type DutyConflict, type DutySlot, fairnessSlots, isSlotLocked, type PlannedSlot, proposeRoster } from '@sallyport/domain';
import type { CommandScope } from '../../platform/commands/kind.js';
import type { Db } from '../../platform/db/index.js';
import { type DutyFacts, factsOfCells } from './people.js';
import { clearSeats, insertSeats, type NewSeat, type Roster, seatedIn } from './roster-store.js';
import { timetableOfWeek } from './timetable.js';

/** Weeks ahead for which a roster may be planned. */
const WEEKS_AHEAD = 8;

/** All that planning a cell's week needs. */
export interface WeekPlan {
  readonly cell: string;
  readonly week: string;
  readonly slots: readonly DutySlot[];
  /** Slots whose sign-in window is open or over: a roster changes nothing there any more (DUTY5). */
  readonly locked: ReadonlySet<string>;
  readonly people: ReadonlyMap<Id, DutyFacts>;
  /** Who served in the fairness days before. */
  readonly history: readonly PlannedSlot[];
  /** Who has the seats of this week now. */
  readonly seated: readonly PlannedSlot[];
}

export async function loadWeek(db: Db, cell: string, week: string, now: Instant, policy: PolicyDocument): Promise<WeekPlan> {
  const slots = await timetableOfWeek(db, week, policy);
  const past = fairnessSlots(slots, policy);
  const since = Math.min(now, ...past.map(({ start }) => start)) - DAY;
  return {
    cell,
    week,
    slots,
    locked: new Set(slots.filter((slot) => isSlotLocked(slot, now, policy)).map(({ key }) => key)),
    people: await factsOfCells(db, [cell], now, since, policy),
    history: await seatedIn(db, cell, past),
    seated: await seatedIn(db, cell, slots),
  };
}

/** The plan with what has begun put back as it was: nobody rewrites the past. */
export function withLocked(plan: WeekPlan, planned: readonly PlannedSlot[]): PlannedSlot[] {
  const wanted = new Map(planned.map(({ slot, people }) => [slot, people]));
  const was = new Map(plan.seated.map(({ slot, people }) => [slot, people]));
  return plan.slots.map(({ key }) => ({ slot: key, people: (plan.locked.has(key) ? was.get(key) : wanted.get(key)) ?? [] }));
}

/** Conflicts of slots that are not locked. */
export function weekConflicts(plan: WeekPlan, planned: readonly PlannedSlot[], policy: PolicyDocument): DutyConflict[] {
  const people = [...plan.people.values()].map(({ duty }) => duty);
  return conflictsOf({ slots: plan.slots, planned: withLocked(plan, planned), people, history: plan.history }, policy).filter(
    ({ slot }) => !plan.locked.has(slot),
  );
}

export function shownConflicts(conflicts: readonly DutyConflict[]): RosterConflict[] {
  return conflicts.map(({ slot, person, rule, severity }) => ({ slot, person, rule, severity }));
}

/** Coming slots without two people. */
export function unfilledOf(plan: WeekPlan, planned: readonly PlannedSlot[], policy: PolicyDocument): string[] {
  const served = new Map(planned.map(({ slot, people }) => [slot, people]));
  return plan.slots.filter(({ key }) => !plan.locked.has(key) && (served.get(key)?.length ?? 0) < policy.duty.minOnDuty).map(({ key }) => key);
}

/** A fair proposal for the coming slots of the week by the domain's generator. */
export function propose(plan: WeekPlan, seed: string, policy: PolicyDocument): PlannedSlot[] {
  const people = [...plan.people.values()].map(({ duty }) => duty);
  const fixed = plan.seated.filter(({ slot }) => plan.locked.has(slot));
  const coming = plan.slots.filter(({ key }) => !plan.locked.has(key));
  const history = [...plan.history, ...fixed];
  const { slots } = proposeRoster({ slots: coming, people, history, fixed: [], seed }, policy);
  return withLocked(plan, slots);
}

/** Whether somebody may plan this Monday's week now. */
export function plannableWeek(week: string, now: Instant, policy: PolicyDocument): boolean {
  const monday = mondayOf(siteTime(now, policy.site.timeZone).date);
  return mondayOf(week) === week && week >= monday && week <= addDays(monday, WEEKS_AHEAD * 7);
}

function seatsFrom(roster: Pick<Roster, 'id' | 'cell'>, slots: readonly DutySlot[], planned: readonly PlannedSlot[], held: ReadonlySet<Id>): NewSeat[] {
  const served = new Map(planned.map(({ slot, people }) => [slot, people]));
  return slots.flatMap((slot) =>
    [...new Set(served.get(slot.key) ?? [])]
      .filter((person) => held.has(person))
      .map((person, index) => ({ cell: roster.cell, slot, seat: index + 1, person, roster: roster.id })),
  );
}

/** Puts an approved roster into force from the next slot on. Gives the first slot for which it holds, or null when the week is over. */
export async function putInForce(scope: CommandScope, roster: Roster): Promise<string | null> {
  const plan = await loadWeek(scope.trx, roster.cell, roster.week, scope.now, scope.policy);
  const coming = plan.slots.filter(({ key }) => !plan.locked.has(key));
  const free = await clearSeats(scope, roster.cell, coming, [...plan.people.keys()]);
  await insertSeats(scope, seatsFrom(roster, free, roster.slots, new Set(plan.people.keys())));
  scope.hint({ topic: 'roster', cell: roster.cell });
  scope.hint({ topic: 'duty', cell: roster.cell });
  return free[0]?.key ?? null;
}
