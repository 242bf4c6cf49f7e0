import { defaultPolicy, type PolicyDocument, personFacts, policyDocument, watchFlag } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { defaultSlot, shown, somebody } from './duty.fixture.js';
import { exclusionsOf, pairExclusionsOf, SEPARATIONS, separationsOf } from './duty-exclusions.js';
import { ageOn, type DutyPerson, departuresOf } from './duty-facts.js';

const night = defaultSlot('2026-11-22T23:30');
const early = defaultSlot('2026-11-23T03:30');
const noon = defaultSlot('2026-11-22T12:00');
type Switch = keyof PolicyDocument['duty']['exclusions'];
const without = (name: Switch) => policyDocument.parse({ duty: { exclusions: { [name]: false } } });

const personal: [string, Switch, Partial<DutyPerson>, string][] = [
  ['in the transition period', 'transition', { admittedOn: '2026-11-08' }, 'TRANSITION'],
  ['of risk level 1', 'riskLevelOne', { riskLevel: 1 }, 'RISK_LEVEL_ONE'],
  ['under self-harm watch', 'selfHarmWatch', { flags: ['self-harm-watch'] }, 'SELF_HARM_WATCH'],
  ['with mental illness', 'mentalIllness', { flags: ['mental-illness'] }, 'MENTAL_ILLNESS'],
  ['acutely ill', 'acuteIllness', { flags: ['acute-illness'] }, 'ACUTE_ILLNESS'],
  ['in restraints', 'restraints', { flags: ['restraints'] }, 'RESTRAINTS'],
  ['in confinement', 'confinement', { flags: ['confinement'] }, 'CONFINEMENT'],
  ['pregnant', 'pregnant', { flags: ['pregnant'], sex: 'female' }, 'PREGNANT'],
  ['disabled', 'illOrDisabled', { flags: ['disabled'] }, 'ILL_OR_DISABLED'],
  ['marked as very old', 'old', { flags: ['very-old'] }, 'OLD'],
  ['65 years old', 'old', { birthDate: '1961-11-22' }, 'OLD'],
  ['due for court next morning', 'departure', { departsOn: ['2026-11-23'] }, 'DEPARTURE'],
];

describe('duty exclusions', () => {
  test.each(personal)('DUTY8: somebody %s is kept off duty, by the switch %s', (_what, name, change, reason) => {
    expect(exclusionsOf(somebody('a', change), night, defaultPolicy)).toEqual([reason]);
    expect(exclusionsOf(somebody('a', change), night, without(name))).toEqual([]);
  });

  test.each<[string, Partial<DutyPerson>]>([
    ['admitted 15 days ago', { admittedOn: '2026-11-07' }],
    ['64 years old', { birthDate: '1961-11-23' }],
    ['of risk level 2', { riskLevel: 2 }],
    ['due for court on another day', { departsOn: ['2026-11-24'] }],
  ])('DUTY8: somebody %s may serve', (_what, change) => {
    expect(exclusionsOf(somebody('a', change), night, defaultPolicy)).toEqual([]);
  });

  test('DUTY8: a departure frees the whole night before it, after midnight too, and not the noon', () => {
    const person = somebody('a', { departsOn: ['2026-11-23'] });
    expect(exclusionsOf(person, early, defaultPolicy)).toEqual(['DEPARTURE']);
    expect(exclusionsOf(person, noon, defaultPolicy)).toEqual([]);
    expect(exclusionsOf(person, defaultSlot('2026-11-23T21:30'), defaultPolicy)).toEqual([]);
    expect(departuresOf(['court-tomorrow'], '2026-11-22')).toEqual(['2026-11-23']);
    expect(departuresOf(['disabled'], '2026-11-22')).toEqual([]);
  });

  test.each<[string, DutyPerson['absences'], boolean]>([
    ['during the slot', [{ from: night.start + 1, until: night.start + 2 }], true],
    ['with no known end', [{ from: night.start - 1, until: null }], true],
    ['until the slot starts', [{ from: shown('2026-11-22T20:00'), until: night.start }], false],
    ['from its end on', [{ from: night.end, until: null }], false],
  ])('DUTY9: out of the cell %s excuses, whatever the policy', (_what, absences, out) => {
    expect(exclusionsOf(somebody('a', { absences }), night, defaultPolicy)).toEqual(out ? ['OUT_OF_CELL'] : []);
  });

  test('DUTY8: every reason that holds is told', () => {
    expect(exclusionsOf(somebody('a', { riskLevel: 1, flags: ['restraints', 'disabled'] }), night, defaultPolicy)).toEqual([
      'RISK_LEVEL_ONE',
      'RESTRAINTS',
      'ILL_OR_DISABLED',
    ]);
  });

  test.each<[string, Partial<DutyPerson>, Partial<DutyPerson>, string]>([
    ['men and women', { sex: 'female' }, {}, 'SEX_SEPARATION'],
    ['adults and minors', { birthDate: '2009-01-01' }, {}, 'MINOR_SEPARATION'],
    ['sentenced and unsentenced', { sentenced: true }, {}, 'SENTENCE_SEPARATION'],
    ['co-suspects', { coSuspectGroup: 'case-7' }, { coSuspectGroup: 'case-7' }, 'CO_SUSPECTS'],
  ])('DUTY10: %s are never together and no setting changes that', (_what, one, other, reason) => {
    const [a, b] = [somebody('a', one), somebody('b', other)];
    const off = Object.fromEntries(Object.keys(defaultPolicy.duty.exclusions).map((name) => [name, false]));
    expect(pairExclusionsOf(a, b, night, policyDocument.parse({ duty: { exclusions: off } }))).toEqual([reason]);
    expect(separationsOf(a, b, '2026-11-22')).toEqual([reason]);
    expect(SEPARATIONS).toContain(reason);
  });

  test('DUTY10: nobody serves with himself; unlike cases and two minors are no hindrance', () => {
    expect(pairExclusionsOf(somebody('a'), somebody('a'), night, defaultPolicy)).toEqual(['SAME_PERSON']);
    expect(pairExclusionsOf(somebody('a', { coSuspectGroup: 'x' }), somebody('b', { coSuspectGroup: 'y' }), night, defaultPolicy)).toEqual([]);
    expect(pairExclusionsOf(somebody('a', { birthDate: '2009-01-01' }), somebody('b', { birthDate: '2009-02-01' }), night, defaultPolicy)).toEqual([]);
  });

  test.each<[string, Switch, Partial<DutyPerson>, string]>([
    ['newly admitted', 'twoNew', { admittedOn: '2026-11-01' }, 'TWO_NEW'],
    ['of risk level 2', 'twoRiskTwo', { riskLevel: 2 }, 'TWO_RISK_TWO'],
  ])('DUTY11: no two people %s together, by the switch %s', (_what, name, change, reason) => {
    const [a, b, other] = [somebody('a', change), somebody('b', change), somebody('c')];
    expect(pairExclusionsOf(a, b, night, defaultPolicy)).toEqual([reason]);
    expect(pairExclusionsOf(a, b, night, without(name))).toEqual([]);
    expect(pairExclusionsOf(a, other, night, defaultPolicy)).toEqual([]);
  });

  test('DUTY12: ethnic group, faith, nationality and language are no facts of duty', () => {
    const facts = [...Object.keys(somebody('a')), ...Object.keys(personFacts.shape), ...watchFlag.options, ...Object.keys(defaultPolicy.duty.exclusions)]
      .join(' ')
      .toLowerCase();
    for (const word of ['ethnic', 'faith', 'religion', 'nationality', 'language']) expect(facts).not.toContain(word);
  });

  test('DUTY8: age counts completed years', () => {
    expect(ageOn('2008-11-23', '2026-11-22')).toBe(17);
    expect(ageOn('2008-11-22', '2026-11-22')).toBe(18);
  });
});
