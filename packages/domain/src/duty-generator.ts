import type { PolicyDocument } from '@sallyport/contracts';
import { type DutyExclusion, exclusionsOf, type PairExclusion, pairExclusionsOf } from './duty-exclusions.js';
import type { DutyPerson } from './duty-facts.js';
import type { DutySlot } from './duty-slots.js';
import { polishSeating } from './roster-polish.js';
import { type PlannedSlot, type RosterRequest, rosterProblem } from './roster-problem.js';
import { searchSeating } from './roster-search.js';
import { seeded } from './seeded.js';

/** Why a slot stayed empty: who is kept from it, and which of the others may not sit together. */
export interface UnfilledSlot {
  readonly slot: string;
  readonly people: readonly { readonly person: string; readonly reasons: readonly (DutyExclusion | 'PREVIOUS_SLOT')[] }[];
  readonly pairs: readonly { readonly people: readonly [string, string]; readonly reasons: readonly PairExclusion[] }[];
}

export interface ProposedRoster {
  /** Every slot of the request in order; two people each, or none. */
  readonly slots: readonly PlannedSlot[];
  readonly unfilled: readonly UnfilledSlot[];
}

type Policy = Pick<PolicyDocument, 'duty' | 'site'>;

/** Those who serve in the slot before or after, and therefore not in this one. */
function neighbours(slot: DutySlot, plan: readonly PlannedSlot[], slots: readonly DutySlot[]): Set<string> {
  const keys = slots.filter((other) => other.end === slot.start || other.start === slot.end).map((other) => other.key);
  return new Set(plan.filter((planned) => keys.includes(planned.slot)).flatMap((planned) => planned.people));
}

function explain(slot: DutySlot, busy: ReadonlySet<string>, people: readonly DutyPerson[], policy: Policy): UnfilledSlot {
  const kept = people.map((person) => ({
    person,
    reasons: [...exclusionsOf(person, slot, policy), ...(busy.has(person.id) ? (['PREVIOUS_SLOT'] as const) : [])],
  }));
  const free = kept.filter(({ reasons }) => reasons.length === 0).map(({ person }) => person);
  const pairs = free.flatMap((a, index) =>
    free.slice(index + 1).map((b) => ({ people: [a.id, b.id] as const, reasons: pairExclusionsOf(a, b, slot, policy) })),
  );
  return { slot: slot.key, people: kept.filter(({ reasons }) => reasons.length > 0).map(({ person, reasons }) => ({ person: person.id, reasons })), pairs };
}

/**
 * Proposes a roster for one cell: every exclusion kept, as many slots filled as it can, night slots as even as it can over the fairness
 * days, then even totals, changing pairs and no second slot in one night where avoidable (DUTY32 to DUTY36). An officer approves it.
 */
export function proposeRoster(request: RosterRequest, policy: Policy): ProposedRoster {
  const problem = rosterProblem(request, policy);
  const seating = polishSeating(problem, searchSeating(problem, policy.duty.fairness.maxSpread, seeded(request.seed)));
  const standing = new Map(request.fixed.map((planned) => [planned.slot, planned.people]));
  const slots = request.slots.map((slot, index) => ({
    slot: slot.key,
    people: standing.get(slot.key) ?? (seating[index] ?? []).map((person) => problem.ids[person] ?? ''),
  }));
  const { previousSlot } = policy.duty.exclusions;
  const around = [...slots, ...request.history];
  const unfilled = request.slots
    .filter((slot, index) => !seating[index] && !standing.has(slot.key))
    .map((slot) => explain(slot, previousSlot ? neighbours(slot, around, request.slots) : new Set(), request.people, policy));
  return { slots, unfilled };
}

/** Night slots per person in some planned slots. `night` tells whether a key names a night slot. */
export function nightsServed(planned: readonly PlannedSlot[], night: (key: string) => boolean): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { slot, people } of planned) if (night(slot)) for (const person of people) counts.set(person, (counts.get(person) ?? 0) + 1);
  return counts;
}
