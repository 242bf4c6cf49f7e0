import type { PolicyDocument } from '@sallyport/contracts';
import { type DutyExclusion, exclusionsOf, type PairExclusion, pairExclusionsOf } from './duty-exclusions.js';
import { type DutyPerson, daysBetween } from './duty-facts.js';
import { nightsServed } from './duty-generator.js';
import type { DutySlot } from './duty-slots.js';
import { fairnessSlots, type PlannedSlot } from './roster-problem.js';

/** What can be wrong with a slot of an edited roster. */
export type ConflictRule = DutyExclusion | PairExclusion | 'UNKNOWN_PERSON' | 'NOT_TWO' | 'PREVIOUS_SLOT' | 'PERMANENT_PAIR' | 'UNEVEN_NIGHTS';

/** `person` is null when the conflict is the slot's. A hard conflict keeps the roster from being submitted, a warning is only shown. */
export interface DutyConflict {
  readonly slot: string;
  readonly person: string | null;
  readonly rule: ConflictRule;
  readonly severity: 'hard' | 'warning';
}

export interface RosterDraft {
  /** The slots of the draft's week, in order of time. */
  readonly slots: readonly DutySlot[];
  readonly planned: readonly PlannedSlot[];
  readonly people: readonly DutyPerson[];
  /** Rosters of the fairness days before the draft. */
  readonly history: readonly PlannedSlot[];
}

type Policy = Pick<PolicyDocument, 'duty' | 'site'>;

/** An empty slot can still be filled later and a person may be back by then; everything else must not happen at all. */
const WARNINGS: ReadonlySet<ConflictRule> = new Set(['NOT_TWO', 'OUT_OF_CELL', 'PERMANENT_PAIR', 'UNEVEN_NIGHTS']);

function conflict(slot: string, person: string | null, rule: ConflictRule): DutyConflict {
  return { slot, person, rule, severity: WARNINGS.has(rule) ? 'warning' : 'hard' };
}

function slotConflicts(slot: DutySlot, ids: readonly string[], byId: ReadonlyMap<string, DutyPerson>, policy: Policy): DutyConflict[] {
  const found: DutyConflict[] = [];
  if (ids.length !== policy.duty.minOnDuty) found.push(conflict(slot.key, null, 'NOT_TWO'));
  for (const id of new Set(ids)) {
    const person = byId.get(id);
    if (!person) found.push(conflict(slot.key, id, 'UNKNOWN_PERSON'));
    else found.push(...exclusionsOf(person, slot, policy).map((rule) => conflict(slot.key, id, rule)));
  }
  const [a, b] = ids.map((id) => byId.get(id));
  if (a && b) found.push(...pairExclusionsOf(a, b, slot, policy).map((rule) => conflict(slot.key, null, rule)));
  return found;
}

function chainConflicts(draft: RosterDraft, past: readonly DutySlot[], policy: Policy): DutyConflict[] {
  if (!policy.duty.exclusions.previousSlot) return [];
  const served = new Map([...draft.history, ...draft.planned].map((planned) => [planned.slot, planned.people]));
  const endings = new Map([...past, ...draft.slots].map((slot) => [slot.end, served.get(slot.key) ?? []]));
  return draft.slots.flatMap((slot) => {
    const before = endings.get(slot.start) ?? [];
    return [...new Set(served.get(slot.key) ?? [])].filter((id) => before.includes(id)).map((id) => conflict(slot.key, id, 'PREVIOUS_SLOT'));
  });
}

/** A warning at each slot from which on the same two are together more often than the policy allows. */
function pairConflicts(draft: RosterDraft, past: readonly DutySlot[], policy: Policy): DutyConflict[] {
  if (!policy.duty.exclusions.permanentPair) return [];
  const keys = new Set(past.map((slot) => slot.key));
  const times = new Map<string, number>();
  const meet = (people: readonly string[]) => {
    const key = [...people].sort().join(' ');
    times.set(key, (times.get(key) ?? 0) + 1);
    return times.get(key) ?? 0;
  };
  for (const { slot, people } of draft.history) if (people.length === 2 && keys.has(slot)) meet(people);
  const served = new Map(draft.planned.map((planned) => [planned.slot, planned.people]));
  return draft.slots.flatMap((slot) => {
    const people = served.get(slot.key) ?? [];
    return people.length === 2 && meet(people) > policy.duty.fairness.pairLimit ? [conflict(slot.key, null, 'PERMANENT_PAIR')] : [];
  });
}

/** A warning, at the last night slot, for whoever has more nights than the spread allows above somebody else who could serve in all of them. */
function nightConflicts(draft: RosterDraft, past: readonly DutySlot[], policy: Policy): DutyConflict[] {
  const nights = new Set([...past, ...draft.slots].filter((slot) => slot.night).map((slot) => slot.key));
  const counts = nightsServed([...draft.history, ...draft.planned], (key) => nights.has(key));
  const count = (id: string) => counts.get(id) ?? 0;
  const all = [...past, ...draft.slots].filter((slot) => slot.night);
  const alike = draft.people.filter((person) => all.every((slot) => exclusionsOf(person, slot, policy).length === 0));
  const least = Math.min(...alike.map((person) => count(person.id)));
  const over = new Set(alike.filter((person) => count(person.id) - least > policy.duty.fairness.maxSpread).map((person) => person.id));
  const last = [...draft.slots].reverse();
  const served = new Map(draft.planned.map((planned) => [planned.slot, planned.people]));
  return [...over].flatMap((id) => {
    const slot = last.find((candidate) => candidate.night && served.get(candidate.key)?.includes(id));
    return slot ? [conflict(slot.key, id, 'UNEVEN_NIGHTS')] : [];
  });
}

/** All conflicts of a draft, in order of slot, hard ones first within a slot: for editing, swapping and copying a week (DUTY40 to DUTY43). */
export function conflictsOf(draft: RosterDraft, policy: Policy): DutyConflict[] {
  const byId = new Map(draft.people.map((person) => [person.id, person]));
  const served = new Map(draft.planned.map((planned) => [planned.slot, planned.people]));
  const past = fairnessSlots(draft.slots, policy);
  const order = new Map(draft.slots.map((slot, index) => [slot.key, index]));
  const found = [
    ...draft.slots.flatMap((slot) => slotConflicts(slot, served.get(slot.key) ?? [], byId, policy)),
    ...chainConflicts(draft, past, policy),
    ...pairConflicts(draft, past, policy),
    ...nightConflicts(draft, past, policy),
  ];
  return found.sort((a, b) => (order.get(a.slot) ?? 0) - (order.get(b.slot) ?? 0) || Number(a.severity === 'warning') - Number(b.severity === 'warning'));
}

/** The planned slots of one week moved to another: the same place in the week by date and start. Slots that the other week does not have are left out. */
export function copiedWeek(from: readonly DutySlot[], planned: readonly PlannedSlot[], to: readonly DutySlot[]): PlannedSlot[] {
  const served = new Map(planned.map((one) => [one.slot, one.people]));
  const place = (slots: readonly DutySlot[], slot: DutySlot) => `${daysBetween(slots[0]?.date ?? slot.date, slot.date)}${slot.key.slice(10)}`;
  const source = new Map(from.map((slot) => [place(from, slot), served.get(slot.key) ?? []]));
  return to.map((slot) => ({ slot: slot.key, people: source.get(place(to, slot)) ?? [] }));
}
