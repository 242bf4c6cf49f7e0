import { defaultPolicy } from '@sallyport/contracts';
import { describe, expect, test } from 'vitest';
import { defaultSlot, somebody } from './duty.fixture.js';
import { proposeSubstitutes, type SubstituteRequest, substituteHindrances } from './duty-substitute.js';

const slot = defaultSlot('2026-11-22T23:30');
const partner = somebody('b', { coSuspectGroup: 'case-1', riskLevel: 2 });
const request = (change: Partial<SubstituteRequest> = {}): SubstituteRequest => ({
  slot,
  partner,
  absent: 'a',
  people: ['a', 'b', 'c', 'd', 'e'].map((id) => somebody(id)),
  plan: [
    { slot: '2026-11-22T23:30', people: ['a', 'b'] },
    { slot: '2026-11-20T23:30', people: ['c', 'd'] },
    { slot: '2026-11-21T12:00', people: ['e', 'c'] },
  ],
  ...change,
});

describe('substitutes', () => {
  test('DUTY44: fewest nights first, then fewest slots, then the longest rest', () => {
    expect(proposeSubstitutes(request(), defaultPolicy).map(({ person, nights, slots, reason }) => [person, nights, slots, reason])).toEqual([
      ['e', 0, 1, 'FEWEST_NIGHTS'],
      ['d', 1, 1, 'FEWEST_NIGHTS'],
      ['c', 1, 2, 'FEWEST_NIGHTS'],
    ]);
    const even = request({
      plan: [
        { slot: '2026-11-20T23:30', people: ['c', 'd'] },
        { slot: '2026-11-21T05:30', people: ['e', 'b'] },
      ],
    });
    expect(proposeSubstitutes(even, defaultPolicy).map(({ person, reason, restHours }) => [person, reason, restHours])).toEqual([
      ['c', 'LONGEST_REST', 36],
      ['d', 'LONGEST_REST', 36],
      ['e', 'LONGEST_REST', 36],
    ]);
  });

  test.each<[string, Parameters<typeof somebody>[1], string]>([
    ['excluded', { flags: ['self-harm-watch'] }, 'SELF_HARM_WATCH'],
    ['out of the cell', { absences: [{ from: slot.start, until: null }] }, 'OUT_OF_CELL'],
    ['a co-suspect of the partner', { coSuspectGroup: 'case-1' }, 'CO_SUSPECTS'],
    ['of risk level 2 like the partner', { riskLevel: 2 }, 'TWO_RISK_TWO'],
  ])('DUTY45: nobody %s is proposed', (_what, change, reason) => {
    const person = somebody('c', change);
    expect(substituteHindrances(request(), person, defaultPolicy)).toEqual([reason]);
    expect(proposeSubstitutes(request({ people: [person] }), defaultPolicy)).toEqual([]);
  });

  test('DUTY45: nor the absent, nor who is in the slot, nor who serves just before or after', () => {
    expect(substituteHindrances(request(), somebody('a'), defaultPolicy)).toEqual(['ABSENT']);
    expect(substituteHindrances(request(), partner, defaultPolicy)).toEqual(['ALREADY_IN_SLOT']);
    for (const near of ['2026-11-22T21:30', '2026-11-23T01:30'])
      expect(substituteHindrances(request({ plan: [{ slot: near, people: ['c', 'd'] }] }), somebody('c'), defaultPolicy)).toEqual(['PREVIOUS_SLOT']);
  });

  test('DUTY44: without a partner anybody suitable is proposed', () => {
    expect(proposeSubstitutes(request({ partner: null, plan: [], people: [somebody('c', { coSuspectGroup: 'case-1' })] }), defaultPolicy)).toEqual([
      { person: 'c', nights: 0, slots: 0, restHours: 36, reason: 'LONGEST_REST' },
    ]);
  });
});
