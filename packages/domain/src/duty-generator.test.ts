import { addDays } from '@sallyport/basics';
import { defaultPolicy, policyDocument } from '@sallyport/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSlot, somebody } from './duty.fixture.js';
import { exclusionsOf, pairExclusionsOf } from './duty-exclusions.js';
import type { DutyPerson } from './duty-facts.js';
import { nightsServed, proposeRoster } from './duty-generator.js';
import { type DutySlot, slotsOfDate, slotsOfWeek } from './duty-slots.js';
import { fairnessSlots, type PlannedSlot, type RosterRequest } from './roster-problem.js';

const MONDAY = '2026-11-16';
const week = slotsOfWeek(MONDAY, defaultPolicy);
const lastWeek = slotsOfWeek(addDays(MONDAY, -7), defaultPolicy);
const cell = (count: number, change: (index: number) => Partial<DutyPerson> = () => ({})) =>
  Array.from({ length: count }, (_, index) => somebody(`p${String(index).padStart(2, '0')}`, change(index)));
const request = (people: readonly DutyPerson[], change: Partial<RosterRequest> = {}): RosterRequest => ({
  slots: week,
  people,
  history: [],
  fixed: [],
  seed: 'seed',
  ...change,
});

/** Facts that make some people unfit for some slots and some pairs impossible. */
const drawnPerson = fc.record({
  sex: fc.constantFrom<DutyPerson['sex'][]>('male', 'male', 'male', 'female'),
  sentenced: fc.constantFrom(false, false, true),
  riskLevel: fc.constantFrom<DutyPerson['riskLevel'][]>(null, null, null, 3, 2, 1),
  coSuspectGroup: fc.constantFrom(null, null, null, 'case-1', 'case-2'),
  flags: fc.constantFrom<DutyPerson['flags'][]>([], [], [], [], ['disabled'], ['self-harm-watch']),
  birthDate: fc.constantFrom('1990-05-05', '1990-05-05', '1990-05-05', '2009-02-02', '1950-01-01'),
  admittedOn: fc.constantFrom('2026-06-01', '2026-06-01', '2026-11-05', '2026-10-25'),
  departsOn: fc.constantFrom<string[][]>([], [], [addDays(MONDAY, 3)]),
  absences: fc.constantFrom<DutyPerson['absences'][]>([], [], [{ from: defaultSlot('2026-11-18T23:30').start, until: defaultSlot('2026-11-19T23:30').start }]),
});
const drawnCell = fc.array(drawnPerson, { minLength: 0, maxLength: 16 }).map((facts) => cell(facts.length, (index) => facts[index] ?? {}));
const drawnSeed = fc.string({ maxLength: 8 });
/** Short runs: one roster takes some milliseconds. A counterexample is kept in `examples` of its property for ever. */
const RUNS = { numRuns: 40 };

function keepsEveryExclusion(
  plan: readonly PlannedSlot[],
  slots: readonly DutySlot[],
  people: readonly DutyPerson[],
  history: readonly PlannedSlot[] = [],
): void {
  const served = new Map([...history, ...plan].map((planned) => [planned.slot, planned.people]));
  const byId = new Map(people.map((person) => [person.id, person]));
  for (const slot of slots) {
    const [a, b, ...others] = (served.get(slot.key) ?? []).map((id) => byId.get(id));
    expect(others).toEqual([]);
    expect(a === undefined).toBe(b === undefined);
    if (!a || !b) continue;
    expect(exclusionsOf(a, slot, defaultPolicy)).toEqual([]);
    expect(exclusionsOf(b, slot, defaultPolicy)).toEqual([]);
    expect(pairExclusionsOf(a, b, slot, defaultPolicy)).toEqual([]);
    const before = [...lastWeek, ...slots].find((other) => other.end === slot.start);
    for (const id of served.get(before?.key ?? '') ?? []) expect([a.id, b.id]).not.toContain(id);
  }
}

/** Largest difference of night slots between these people in both weeks. */
function spread(people: readonly DutyPerson[], ...plans: (readonly PlannedSlot[])[]): number {
  const nights = new Set([...lastWeek, ...week].filter((slot) => slot.night).map((slot) => slot.key));
  const counts = nightsServed(plans.flat(), (key) => nights.has(key));
  const values = people.map((person) => counts.get(person.id) ?? 0);
  return Math.max(...values) - Math.min(...values);
}

/** Most slots of a chain that can be filled at all, by trying everything. */
function mostFilled(slots: readonly DutySlot[], people: readonly DutyPerson[], last: readonly string[] = []): number {
  const [slot, ...rest] = slots;
  if (!slot) return 0;
  const fit = people.filter((person) => exclusionsOf(person, slot, defaultPolicy).length === 0 && !last.includes(person.id));
  const pairs = fit.flatMap((a, index) =>
    fit.slice(index + 1).flatMap((b) => (pairExclusionsOf(a, b, slot, defaultPolicy).length === 0 ? [[a.id, b.id]] : [])),
  );
  return Math.max(mostFilled(rest, people), ...pairs.map((pair) => 1 + mostFilled(rest, people, pair)));
}

describe('roster proposal', { timeout: 30_000 }, () => {
  test('DUTY32: whatever the cell, no exclusion is broken and nobody serves alone', () => {
    fc.assert(
      fc.property(drawnCell, drawnSeed, (people, seed) => {
        const history = proposeRoster(request(people, { slots: lastWeek, seed }), defaultPolicy).slots;
        const plan = proposeRoster(request(people, { history, seed }), defaultPolicy);
        keepsEveryExclusion(plan.slots, week, people, history);
        expect(plan.slots.map((planned) => planned.slot)).toEqual(week.map((slot) => slot.key));
      }),
      RUNS,
    );
  });

  test('DUTY33: as many slots are filled as can be, and each empty one tells why', () => {
    const night = slotsOfDate(MONDAY, defaultPolicy).filter((slot) => slot.night);
    fc.assert(
      fc.property(fc.array(drawnPerson, { maxLength: 6 }), drawnSeed, (facts, seed) => {
        const people = cell(facts.length, (index) => facts[index] ?? {});
        const plan = proposeRoster(request(people, { slots: night, seed }), defaultPolicy);
        expect(plan.slots.filter((planned) => planned.people.length === 2)).toHaveLength(mostFilled(night, people));
        expect(plan.unfilled.map((empty) => empty.slot)).toEqual(plan.slots.filter((planned) => planned.people.length === 0).map((planned) => planned.slot));
        for (const empty of plan.unfilled) {
          const kept = empty.people.filter(({ reasons }) => reasons.length > 0).length;
          expect(kept + 2 > people.length || empty.pairs.every(({ reasons }) => reasons.length > 0)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test('DUTY33: two co-suspects alone leave every slot empty with that reason', () => {
    const people = cell(3, (index) => (index < 2 ? { coSuspectGroup: 'case-1' } : { riskLevel: 1 }));
    const plan = proposeRoster(request(people, { slots: week.slice(0, 1) }), defaultPolicy);
    expect(plan.unfilled).toEqual([
      { slot: week[0]?.key, people: [{ person: 'p02', reasons: ['RISK_LEVEL_ONE'] }], pairs: [{ people: ['p00', 'p01'], reasons: ['CO_SUSPECTS'] }] },
    ]);
  });

  test('DUTY34: nights differ by at most one over 14 days among people who can serve alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 20 }), fc.integer({ min: 0, max: 3 }), drawnSeed, (count, unfit, seed) => {
        const able = cell(count);
        const people = [...able, ...Array.from({ length: unfit }, (_, index) => somebody(`x${index}`, { riskLevel: 1 }))];
        const history = proposeRoster(request(people, { slots: lastWeek, seed }), defaultPolicy).slots;
        const plan = proposeRoster(request(people, { history, seed: `${seed}!` }), defaultPolicy);
        expect(plan.unfilled).toEqual([]);
        expect(spread(able, history, plan.slots)).toBeLessThanOrEqual(1);
      }),
      RUNS,
    );
  });

  test('DUTY34: also with pair rules that leave an even roster possible', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 20 }), fc.integer({ min: 2, max: 3 }), drawnSeed, (count, suspects, seed) => {
        const people = cell(count, (index) => ({ coSuspectGroup: index < suspects ? 'case-1' : null, riskLevel: index % 4 === 0 ? 2 : null }));
        const history = proposeRoster(request(people, { slots: lastWeek, seed }), defaultPolicy).slots;
        const plan = proposeRoster(request(people, { history, seed: `${seed}!` }), defaultPolicy);
        expect(spread(people, history, plan.slots)).toBeLessThanOrEqual(1);
      }),
      RUNS,
    );
  });

  test('DUTY34: whoever was left out last week catches up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 16 }), drawnSeed, (count, seed) => {
        const people = cell(count);
        const history = proposeRoster(request(people.slice(1), { slots: lastWeek, seed }), defaultPolicy).slots;
        expect(spread(people, history, proposeRoster(request(people, { history, seed }), defaultPolicy).slots)).toBeLessThanOrEqual(1);
      }),
      RUNS,
    );
  });

  test('DUTY35: nobody makes up for nights in which he could not serve', () => {
    const people = cell(9, (index) => (index === 0 ? { admittedOn: addDays(MONDAY, -15) } : {}));
    const history = proposeRoster(request(people.slice(1), { slots: lastWeek }), defaultPolicy).slots;
    const plan = proposeRoster(request(people, { history }), defaultPolicy);
    expect(spread(people, plan.slots)).toBeLessThanOrEqual(2);
  });

  test('DUTY36: pairs change where that can be done', () => {
    const people = cell(16);
    const plan = proposeRoster(request(people), defaultPolicy).slots;
    const pairs = new Map<string, number>();
    for (const { people: pair } of plan) pairs.set([...pair].sort().join(), (pairs.get([...pair].sort().join()) ?? 0) + 1);
    expect(Math.max(...pairs.values())).toBeLessThanOrEqual(2);
  });

  test('DUTY36: nobody has two slots in one night where that can be avoided', () => {
    for (const seed of ['1', '2', '3', '4', '5']) {
      const plan = proposeRoster(request(cell(16), { seed }), defaultPolicy).slots;
      for (let day = 0; day < 7; day += 1) {
        const ids = slotsOfDate(addDays(MONDAY, day), defaultPolicy).flatMap((slot) =>
          slot.night ? (plan.find((planned) => planned.slot === slot.key)?.people ?? []) : [],
        );
        expect(new Set(ids).size).toBe(ids.length);
      }
    }
  });

  test('DUTY37: the same request and seed give the same roster, in whatever order the people come', () => {
    fc.assert(
      fc.property(drawnCell, drawnSeed, (people, seed) => {
        const plan = proposeRoster(request(people, { seed }), defaultPolicy);
        expect(proposeRoster(request(people, { seed }), defaultPolicy)).toEqual(plan);
        expect(proposeRoster(request([...people].reverse(), { seed }), defaultPolicy).slots).toEqual(plan.slots);
      }),
      { numRuns: 15 },
    );
  });

  test('DUTY38: what stands stays, and its neighbours rest', () => {
    const fixed = [
      { slot: '2026-11-18T23:30', people: ['p00', 'p01'] },
      { slot: '2026-11-19T01:30', people: ['p00', 'gone'] },
      { slot: '2026-11-20T12:00', people: [] },
    ];
    const plan = proposeRoster(request(cell(6), { fixed }), defaultPolicy);
    const people = (key: string) => plan.slots.find((planned) => planned.slot === key)?.people ?? [];
    for (const standing of fixed) expect(people(standing.slot)).toEqual(standing.people);
    expect(people('2026-11-18T21:30')).not.toContain('p00');
    expect(people('2026-11-19T03:30')).not.toContain('p00');
    expect(plan.unfilled).toEqual([]);
  });

  test('DUTY38: serving twice in a row is a switch', () => {
    const policy = policyDocument.parse({ duty: { exclusions: { previousSlot: false } } });
    expect(proposeRoster(request(cell(2)), policy).unfilled).toEqual([]);
    expect(proposeRoster(request(cell(2)), defaultPolicy).unfilled.length).toBeGreaterThan(0);
  });

  test('DUTY34: fairness looks back over the days of the policy', () => {
    expect(fairnessSlots(week, defaultPolicy)).toEqual(lastWeek);
    expect(fairnessSlots([], defaultPolicy)).toEqual([]);
  });
});
