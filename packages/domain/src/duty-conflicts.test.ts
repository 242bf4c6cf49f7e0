import { addDays } from '@sallyport/basics';
import { defaultPolicy, policyDocument } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { somebody } from './duty.fixture.js';
import { conflictsOf, copiedWeek } from './duty-conflicts.js';
import { proposeRoster } from './duty-generator.js';
import { slotsOfWeek } from './duty-slots.js';
import type { PlannedSlot } from './roster-problem.js';

const MONDAY = '2026-11-16';
const slots = slotsOfWeek(MONDAY, defaultPolicy);
const people = Array.from({ length: 8 }, (_, index) => somebody(`p${index}`));
const plan = proposeRoster({ slots, people, history: [], fixed: [], seed: 's' }, defaultPolicy).slots;
const conflicts = (planned: readonly PlannedSlot[], change: Partial<Parameters<typeof conflictsOf>[0]> = {}, policy = defaultPolicy) =>
  conflictsOf({ slots, planned, people, history: [], ...change }, policy).map(({ slot, person, rule, severity }) => [slot.slice(5), person, rule, severity]);
/** The plan with these slots set by hand. */
const edited = (...changes: [string, string[]][]) =>
  plan.map((planned) => ({ slot: planned.slot, people: changes.find(([slot]) => slot === planned.slot)?.[1] ?? planned.people }));

describe('roster conflicts', () => {
  test('DUTY40: a proposal has none', () => {
    expect(conflicts(plan)).toEqual([]);
  });

  test('DUTY40: exclusions, pairs and strangers are hard', () => {
    const others = people.map((person, index) =>
      index === 0 ? somebody('p0', { riskLevel: 1, coSuspectGroup: 'x' }) : index === 1 ? somebody('p1', { coSuspectGroup: 'x' }) : person,
    );
    const noon: PlannedSlot[] = [{ slot: '2026-11-16T12:00', people: ['p0', 'p1'] }];
    expect(conflictsOf({ slots: slots.slice(0, 1), planned: noon, people: others, history: [] }, defaultPolicy)).toEqual([
      { slot: '2026-11-16T12:00', person: 'p0', rule: 'RISK_LEVEL_ONE', severity: 'hard' },
      { slot: '2026-11-16T12:00', person: null, rule: 'CO_SUSPECTS', severity: 'hard' },
    ]);
    expect(conflicts([{ slot: '2026-11-16T12:00', people: ['p2', 'gone'] }], { slots: slots.slice(0, 1) })).toEqual([
      ['11-16T12:00', 'gone', 'UNKNOWN_PERSON', 'hard'],
    ]);
    expect(conflicts([{ slot: '2026-11-16T12:00', people: ['p2', 'p2'] }], { slots: slots.slice(0, 1) })).toEqual([
      ['11-16T12:00', null, 'SAME_PERSON', 'hard'],
    ]);
  });

  test('DUTY41: two slots in a row are a hard conflict, across the change of week too', () => {
    const twice = edited(['2026-11-16T21:30', ['p0', 'p1']], ['2026-11-16T23:30', ['p0', 'p2']]);
    expect(conflicts(twice)).toContainEqual(['11-16T23:30', 'p0', 'PREVIOUS_SLOT', 'hard']);
    const allDay = policyDocument.parse({ duty: { windows: [{ start: '06:00', end: '06:00' }] } });
    const first = slotsOfWeek(MONDAY, allDay).slice(0, 1);
    const draft = {
      slots: first,
      planned: [{ slot: first[0]?.key ?? '', people: ['p0', 'p1'] }],
      history: [{ slot: '2026-11-16T04:00', people: ['p1', 'p2'] }],
    };
    expect(conflicts(draft.planned, draft, allDay)).toContainEqual(['11-16T06:00', 'p1', 'PREVIOUS_SLOT', 'hard']);
    const off = policyDocument.parse({ duty: { exclusions: { previousSlot: false } } });
    expect(conflicts(twice, {}, off).filter(([, , rule]) => rule === 'PREVIOUS_SLOT')).toEqual([]);
  });

  test('DUTY42: gaps, absence, permanent pairs and uneven nights are warnings', () => {
    expect(conflicts(edited(['2026-11-17T12:00', []]))).toEqual([['11-17T12:00', null, 'NOT_TWO', 'warning']]);
    expect(conflicts(edited(['2026-11-17T12:00', ['p3']]))).toContainEqual(['11-17T12:00', null, 'NOT_TWO', 'warning']);
    const noons = slots.filter((slot) => !slot.night);
    const always = noons.map((slot) => ({ slot: slot.key, people: ['p1', 'p0'] }));
    expect(conflicts(always, { slots: noons }).map(([slot, , rule]) => [slot, rule])).toEqual([
      ['11-20T12:00', 'PERMANENT_PAIR'],
      ['11-21T12:00', 'PERMANENT_PAIR'],
      ['11-22T12:00', 'PERMANENT_PAIR'],
    ]);
    const night = slots.filter((slot) => slot.night).slice(0, 5);
    const uneven = [
      ['p0', 'p1'],
      ['p2', 'p3'],
      ['p0', 'p4'],
      ['p5', 'p6'],
      ['p7', 'p1'],
    ].map((pair, index) => ({ slot: night[index]?.key ?? '', people: pair }));
    expect(conflicts(uneven, { slots: night })).toEqual([]);
    const worse = uneven.map((planned, index) => (index === 4 ? { ...planned, people: ['p0', 'p1'] } : planned));
    expect(conflicts(worse, { slots: night })).toEqual([
      ['11-17T05:30', 'p0', 'UNEVEN_NIGHTS', 'warning'],
      ['11-17T05:30', 'p1', 'UNEVEN_NIGHTS', 'warning'],
    ]);
  });

  test('DUTY43: a copied week keeps places; its conflicts are shown, not mended', () => {
    const next = slotsOfWeek(addDays(MONDAY, 7), defaultPolicy);
    const copy = copiedWeek(slots, plan, next);
    expect(copy.map((planned) => planned.people)).toEqual(plan.map((planned) => planned.people));
    expect(copy[0]?.slot).toBe('2026-11-23T12:00');
    const leaving = people.map((person) => (person.id === copy[0]?.people[0] ? { ...person, riskLevel: 1 as const } : person));
    expect(conflictsOf({ slots: next, planned: copy, people: leaving, history: plan }, defaultPolicy)).toContainEqual({
      slot: '2026-11-23T12:00',
      person: copy[0]?.people[0],
      rule: 'RISK_LEVEL_ONE',
      severity: 'hard',
    });
  });
});
