import { addDays, must } from '@sallyport/basics';
import type { PolicyDocument } from '@sallyport/contracts';
import { exclusionsOf, pairExclusionsOf } from './duty-exclusions.js';
import type { DutyPerson } from './duty-facts.js';
import { type DutySlot, slotsOfDate } from './duty-slots.js';

/** Who serves in a slot: two people, or none where nobody could be found. */
export interface PlannedSlot {
  readonly slot: string;
  readonly people: readonly string[];
}

export interface RosterRequest {
  /** The slots to fill, in order of time. */
  readonly slots: readonly DutySlot[];
  readonly people: readonly DutyPerson[];
  /** Who served or was planned before the first slot, for at least the fairness days less the days to fill. */
  readonly history: readonly PlannedSlot[];
  /** Slots of `slots` that are to stay as they are: begun, or set by hand. */
  readonly fixed: readonly PlannedSlot[];
  /** The same request with the same seed gives the same roster. */
  readonly seed: string;
}

export type Pair = readonly [number, number];

/** The request in numbers: people and slots are indices. */
export interface RosterProblem {
  readonly slots: readonly DutySlot[];
  readonly ids: readonly string[];
  /** Pairs that may serve in a slot as far as their own facts go. */
  readonly pairs: readonly (readonly Pair[])[];
  /** People who may sit in some night slot with somebody. */
  readonly able: ReadonlySet<number>;
  /** Slots of a roster day, in order. */
  readonly days: readonly (readonly number[])[];
  /** The slot that ends as this one starts, or -1; always -1 where serving twice in a row is allowed. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** People kept from a slot because they serve next to it in a slot that stands: before the first one, or fixed. */
  readonly resting: readonly ReadonlySet<number>[];
  /** Night slots of the fairness days before, with a fair share credited for those in which somebody could not serve. */
  readonly nights: readonly number[];
  /** Times each two served together in these days, at `a * people + b`, a < b. */
  readonly together: readonly number[];
  /** The pair that stands, null for a slot that stands without two known people, undefined for what is to be found. */
  readonly fixed: readonly (Pair | null | undefined)[];
  readonly pairLimit: number;
}

type Policy = Pick<PolicyDocument, 'duty' | 'site'>;

/** The slots of the fairness days that lie before the first slot to fill. */
export function fairnessSlots(slots: readonly DutySlot[], policy: Policy): DutySlot[] {
  const [first, last] = [slots[0]?.date, slots.at(-1)?.date];
  if (first === undefined || last === undefined) return [];
  const past: DutySlot[] = [];
  for (let date = addDays(last, 1 - policy.duty.fairness.days); date < first; date = addDays(date, 1)) past.push(...slotsOfDate(date, policy));
  return past;
}

/** Night slots served, plus for every night slot that a person could not take the share that others had: nobody pays for days of illness or before admission. */
function nightsBefore(request: RosterRequest, past: readonly DutySlot[], policy: Policy): number[] {
  const nights = past.filter((slot) => slot.night);
  const served = new Map(request.history.map((planned) => [planned.slot, planned.people]));
  const known = nights.filter((slot) => (served.get(slot.key) ?? []).length > 0);
  const able = request.people.map((person) => known.map((slot) => exclusionsOf(person, slot, policy).length === 0));
  const share = known.map((_, slot) => {
    const count = able.filter((row) => row[slot]).length;
    return count === 0 ? 0 : policy.duty.minOnDuty / count;
  });
  return request.people.map((person, index) =>
    known.reduce((sum, slot, at) => {
      if (served.get(slot.key)?.includes(person.id)) return sum + 1;
      return sum + (able[index]?.[at] ? 0 : (share[at] ?? 0));
    }, 0),
  );
}

function togetherBefore(request: RosterRequest, past: readonly DutySlot[]): number[] {
  const count = request.people.length;
  const index = new Map(request.people.map((person, at) => [person.id, at]));
  const keys = new Set(past.map((slot) => slot.key));
  const table = new Array<number>(count * count).fill(0);
  for (const { slot, people } of request.history) {
    const [a, b] = people.map((id) => index.get(id)).sort((x, y) => (x ?? -1) - (y ?? -1));
    if (keys.has(slot) && a !== undefined && b !== undefined) table[a * count + b] = (table[a * count + b] ?? 0) + 1;
  }
  return table;
}

/** Pairs that their facts allow, per slot; what depends only on the date and on who is eligible is worked out once. */
function allowedPairs(request: RosterRequest, policy: Policy): (readonly Pair[])[] {
  const { people } = request;
  const byDay = new Map<string, readonly Pair[]>();
  const pairsOfDay = (slot: DutySlot): readonly Pair[] => {
    const known = byDay.get(slot.date);
    if (known) return known;
    const found: Pair[] = people.flatMap((a, one) =>
      people.slice(one + 1).flatMap((b, step): Pair[] => (pairExclusionsOf(a, b, slot, policy).length === 0 ? [[one, one + 1 + step]] : [])),
    );
    byDay.set(slot.date, found);
    return found;
  };
  return request.slots.map((slot) => {
    const eligible = people.map((person) => exclusionsOf(person, slot, policy).length === 0);
    return pairsOfDay(slot).filter(([a, b]) => eligible[a] && eligible[b]);
  });
}

function restingPeople(request: RosterRequest, past: readonly DutySlot[], policy: Policy): ReadonlySet<number>[] {
  const stand = new Map([...request.history, ...request.fixed].map((planned) => [planned.slot, planned.people]));
  const standing = [...past, ...request.slots].filter((slot) => stand.has(slot.key));
  return request.slots.map((slot) => {
    const near = policy.duty.exclusions.previousSlot ? standing.filter((other) => other.end === slot.start || other.start === slot.end) : [];
    const ids = new Set(near.flatMap((other) => stand.get(other.key) ?? []));
    return new Set(request.people.flatMap((person, index) => (ids.has(person.id) ? [index] : [])));
  });
}

function fixedPairs(request: RosterRequest): (Pair | null | undefined)[] {
  const standing = new Map(request.fixed.map((planned) => [planned.slot, planned.people]));
  return request.slots.map((slot) => {
    const people = standing.get(slot.key);
    if (!people) return undefined;
    const [a, b] = people.map((id) => request.people.findIndex((person) => person.id === id)).sort((x, y) => x - y);
    return a !== undefined && b !== undefined && a >= 0 && a < b ? [a, b] : null;
  });
}

/** Turns a request into numbers. People are sorted by id, so that their order in the request does not matter. */
export function rosterProblem(given: RosterRequest, policy: Policy): RosterProblem {
  const request = { ...given, people: [...given.people].sort((a, b) => (a.id < b.id ? -1 : 1)) };
  const { slots } = request;
  const past = fairnessSlots(slots, policy);
  const chained = policy.duty.exclusions.previousSlot;
  const pairs = allowedPairs(request, policy);
  const days = new Map<string, number[]>();
  slots.forEach((slot, index) => {
    days.set(slot.date, [...(days.get(slot.date) ?? []), index]);
  });
  return {
    slots,
    ids: request.people.map((person) => person.id),
    pairs,
    able: new Set(slots.flatMap((slot, index) => (slot.night ? (pairs[index] ?? []).flat() : []))),
    days: [...days.values()],
    before: slots.map((slot, index) => (chained && index > 0 && must(slots[index - 1], 'slot').end === slot.start ? index - 1 : -1)),
    after: slots.map((slot, index) => (chained && slots[index + 1]?.start === slot.end ? index + 1 : -1)),
    resting: restingPeople(request, past, policy),
    nights: nightsBefore(request, past, policy),
    together: togetherBefore(request, past),
    fixed: fixedPairs(request),
    pairLimit: policy.duty.exclusions.permanentPair ? policy.duty.fairness.pairLimit : Number.POSITIVE_INFINITY,
  };
}
