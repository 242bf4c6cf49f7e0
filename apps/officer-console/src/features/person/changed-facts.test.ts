import type { PersonFacts } from '@sallyport/contracts';
import { expect, test } from 'vitest';
import { changedFacts } from './changed-facts';

const facts: PersonFacts = { sex: 'male', birthDate: '1990-01-02', sentenced: false, riskLevel: null, flags: ['disabled', 'restraints'], coSuspectGroup: null };

test('only what was changed is sent', () => {
  expect(changedFacts(facts, { ...facts, riskLevel: 2 })).toEqual({ riskLevel: 2 });
});
test('flags in another order are the same flags', () => {
  expect(changedFacts(facts, { ...facts, flags: ['restraints', 'disabled'] })).toEqual({});
  expect(changedFacts(facts, { ...facts, flags: [] })).toEqual({ flags: [] });
});
