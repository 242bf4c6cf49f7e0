import { HOUR } from '@sallyport/basics';
import type { PolicyDocument } from '@sallyport/contracts';
import { type DutyExclusion, exclusionsOf, type PairExclusion, pairExclusionsOf } from './duty-exclusions.js';
import type { DutyPerson } from './duty-facts.js';
import { nightsServed } from './duty-generator.js';
import { type DutySlot, nextSlotAfter, previousSlotOf, slotByKey } from './duty-slots.js';
import type { PlannedSlot } from './roster-problem.js';

/** Somebody who could take a seat; the first of a list is proposed. `nights` and `slots` are counted over the plan given. */
export interface SubstituteProposal {
  readonly person: string;
  readonly nights: number;
  readonly slots: number;
  /** The facts that decide the order: fewest nights, fewest slots, longest rest before and after. */
  readonly reason: 'FEWEST_NIGHTS' | 'FEWEST_SLOTS' | 'LONGEST_REST';
  readonly restHours: number;
}

export interface SubstituteRequest {
  readonly slot: DutySlot;
  /** Who stays in the slot, or null when both seats are free. */
  readonly partner: DutyPerson | null;
  readonly absent: string;
  readonly people: readonly DutyPerson[];
  /** Rosters around the slot: the fairness days before and what is planned after. */
  readonly plan: readonly PlannedSlot[];
}

type Policy = Pick<PolicyDocument, 'duty' | 'site'>;
/** Rest beyond a day and a half makes no more difference. */
const ENOUGH_REST_HOURS = 36;

/** Why somebody cannot take the seat; empty means suitable. */
export function substituteHindrances(
  request: SubstituteRequest,
  person: DutyPerson,
  policy: Policy,
): (DutyExclusion | PairExclusion | 'ABSENT' | 'ALREADY_IN_SLOT' | 'PREVIOUS_SLOT')[] {
  const { slot, partner, plan } = request;
  if (person.id === request.absent) return ['ABSENT'];
  const served = (key: string | undefined) => plan.find((planned) => planned.slot === key)?.people ?? [];
  if (person.id === partner?.id || served(slot.key).includes(person.id)) return ['ALREADY_IN_SLOT'];
  const pair = partner ? pairExclusionsOf(person, partner, slot, policy) : [];
  const after = nextSlotAfter(slot.start, policy);
  const near = [...served(previousSlotOf(slot, policy)?.key), ...(after?.start === slot.end ? served(after.key) : [])];
  const chained = policy.duty.exclusions.previousSlot && near.includes(person.id);
  return [...exclusionsOf(person, slot, policy), ...pair, ...(chained ? (['PREVIOUS_SLOT'] as const) : [])];
}

/** Hours between the slot and the nearest other slot of the person, at most `ENOUGH_REST_HOURS`. */
function restHours(slot: DutySlot, person: string, plan: readonly PlannedSlot[], policy: Policy): number {
  const gaps = plan
    .filter((planned) => planned.people.includes(person))
    .map((planned) => slotByKey(planned.slot, policy))
    .flatMap((other) => (other ? [other.start >= slot.end ? other.start - slot.end : slot.start - other.end] : []));
  return Math.min(ENOUGH_REST_HOURS, ...gaps.map((gap) => Math.max(0, gap) / HOUR));
}

function nightKey(policy: Policy): (key: string) => boolean {
  return (key) => slotByKey(key, policy)?.night ?? false;
}

/** Who could take the seat of somebody excused, best first; an officer decides (DUTY44). */
export function proposeSubstitutes(request: SubstituteRequest, policy: Policy): SubstituteProposal[] {
  const nights = nightsServed(request.plan, nightKey(policy));
  const slots = nightsServed(request.plan, () => true);
  const suitable = request.people.filter((person) => substituteHindrances(request, person, policy).length === 0);
  const ranked = suitable
    .map(({ id }) => ({ person: id, nights: nights.get(id) ?? 0, slots: slots.get(id) ?? 0, restHours: restHours(request.slot, id, request.plan, policy) }))
    .sort((a, b) => a.nights - b.nights || a.slots - b.slots || b.restHours - a.restHours || (a.person < b.person ? -1 : 1));
  const fewestNights = new Set(ranked.map((one) => one.nights)).size > 1;
  const fewestSlots = new Set(ranked.filter((one) => one.nights === ranked[0]?.nights).map((one) => one.slots)).size > 1;
  const reason = fewestNights ? 'FEWEST_NIGHTS' : fewestSlots ? 'FEWEST_SLOTS' : 'LONGEST_REST';
  return ranked.map((one) => ({ ...one, reason }));
}
