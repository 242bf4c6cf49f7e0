import type { PersonFacts, PolicyDocument, WatchFlag } from '@sallyport/contracts';
import { ageOn, type DutyPerson, daysBetween, isMinorOn } from './duty-facts.js';
import type { DutySlot } from './duty-slots.js';

/** Why one person may not serve in a slot. */
export type DutyExclusion =
  | 'OUT_OF_CELL'
  | 'TRANSITION'
  | 'RISK_LEVEL_ONE'
  | 'SELF_HARM_WATCH'
  | 'MENTAL_ILLNESS'
  | 'ACUTE_ILLNESS'
  | 'RESTRAINTS'
  | 'CONFINEMENT'
  | 'PREGNANT'
  | 'ILL_OR_DISABLED'
  | 'OLD'
  | 'DEPARTURE';

/** Why two people may not serve together. The first five have no switch (HARD). */
export type PairExclusion = 'SAME_PERSON' | 'SEX_SEPARATION' | 'MINOR_SEPARATION' | 'SENTENCE_SEPARATION' | 'CO_SUSPECTS' | 'TWO_NEW' | 'TWO_RISK_TWO';

/** The pair rules that law leaves no room for (看守所条例 14; 刑诉法 280). */
export const SEPARATIONS: readonly PairExclusion[] = ['SAME_PERSON', 'SEX_SEPARATION', 'MINOR_SEPARATION', 'SENTENCE_SEPARATION', 'CO_SUSPECTS'];

type Switches = PolicyDocument['duty']['exclusions'];
type Duty = Pick<PolicyDocument, 'duty'>;

const FLAG_RULES: readonly [WatchFlag, keyof Switches, DutyExclusion][] = [
  ['self-harm-watch', 'selfHarmWatch', 'SELF_HARM_WATCH'],
  ['mental-illness', 'mentalIllness', 'MENTAL_ILLNESS'],
  ['acute-illness', 'acuteIllness', 'ACUTE_ILLNESS'],
  ['restraints', 'restraints', 'RESTRAINTS'],
  ['confinement', 'confinement', 'CONFINEMENT'],
  ['pregnant', 'pregnant', 'PREGNANT'],
  ['disabled', 'illOrDisabled', 'ILL_OR_DISABLED'],
];

function isOut(person: DutyPerson, slot: DutySlot): boolean {
  return person.absences.some((absence) => absence.from < slot.end && (absence.until === null || absence.until > slot.start));
}

/** Whether a flag or the age makes somebody too old for duty. */
function isOld(person: DutyPerson, slot: DutySlot, duty: PolicyDocument['duty']): boolean {
  return person.flags.includes('very-old') || ageOn(person.birthDate, slot.date) >= duty.oldFromAge;
}

/** Why a person may not serve in a slot, every reason that holds; empty means eligible (DUTY8, DUTY9). */
export function exclusionsOf(person: DutyPerson, slot: DutySlot, policy: Duty): DutyExclusion[] {
  const { duty } = policy;
  const on = duty.exclusions;
  const reasons: DutyExclusion[] = [];
  if (isOut(person, slot)) reasons.push('OUT_OF_CELL');
  if (on.transition && daysBetween(person.admittedOn, slot.date) < duty.transitionDays) reasons.push('TRANSITION');
  if (on.riskLevelOne && person.riskLevel === 1) reasons.push('RISK_LEVEL_ONE');
  for (const [flag, name, reason] of FLAG_RULES) if (on[name] && person.flags.includes(flag)) reasons.push(reason);
  if (on.old && isOld(person, slot, duty)) reasons.push('OLD');
  if (on.departure && slot.morning !== null && person.departsOn.includes(slot.morning)) reasons.push('DEPARTURE');
  return reasons;
}

/** Why two people may not be kept together at all, on duty or in a cell (HARD; DUTY10). */
export function separationsOf(a: SeparationFacts, b: SeparationFacts, date: string): PairExclusion[] {
  const reasons: PairExclusion[] = [];
  if (a.sex !== b.sex) reasons.push('SEX_SEPARATION');
  if (isMinorOn(a, date) !== isMinorOn(b, date)) reasons.push('MINOR_SEPARATION');
  if (a.sentenced !== b.sentenced) reasons.push('SENTENCE_SEPARATION');
  if (a.coSuspectGroup !== null && a.coSuspectGroup === b.coSuspectGroup) reasons.push('CO_SUSPECTS');
  return reasons;
}
export type SeparationFacts = Pick<PersonFacts, 'sex' | 'birthDate' | 'sentenced' | 'coSuspectGroup'>;

/** Why two people may not serve together in a slot, every reason that holds (DUTY10, DUTY11). */
export function pairExclusionsOf(a: DutyPerson, b: DutyPerson, slot: DutySlot, policy: Duty): PairExclusion[] {
  if (a.id === b.id) return ['SAME_PERSON'];
  const { duty } = policy;
  const isNew = (person: DutyPerson) => daysBetween(person.admittedOn, slot.date) < duty.newDays;
  const reasons = separationsOf(a, b, slot.date);
  if (duty.exclusions.twoNew && isNew(a) && isNew(b)) reasons.push('TWO_NEW');
  if (duty.exclusions.twoRiskTwo && a.riskLevel === 2 && b.riskLevel === 2) reasons.push('TWO_RISK_TWO');
  return reasons;
}
