import { addDays, DAY, type Instant } from '@sallyport/basics';
import type { PersonFacts, WatchFlag } from '@sallyport/contracts';

/** Years from which somebody is an adult (刑诉法 280 separates those below). */
const ADULT_AGE = 18;

/**
 * All that duty rules may know of a person. Ethnic group, faith, nationality and language are not among it and must never be (DUTY12).
 * `coSuspectGroup` names the case that several people share.
 */
export interface DutyPerson extends PersonFacts {
  readonly id: string;
  /** Date of admission on the site's calendar. */
  readonly admittedOn: string;
  /** Dates on which the person goes to court or is transferred. */
  readonly departsOn: readonly string[];
  /** Times known to be spent out of the cell; `until` is null while nobody knows the end. */
  readonly absences: readonly Absence[];
}
export interface Absence {
  readonly from: Instant;
  readonly until: Instant | null;
}

/** Completed years of age on a date; both YYYY-MM-DD. */
export function ageOn(birthDate: string, date: string): number {
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return date.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

export function isMinorOn(person: Pick<PersonFacts, 'birthDate'>, date: string): boolean {
  return ageOn(person.birthDate, date) < ADULT_AGE;
}

/** Dates of departure that the flags `court-tomorrow` and `transfer-tomorrow` mean when they were read on `today`. */
export function departuresOf(flags: readonly WatchFlag[], today: string): string[] {
  return flags.includes('court-tomorrow') || flags.includes('transfer-tomorrow') ? [addDays(today, 1)] : [];
}

/** Whole days from one YYYY-MM-DD date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY);
}
