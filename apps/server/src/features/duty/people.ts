import { type Id, type Instant, siteTime } from '@sallyport/basics';
import type { PolicyDocument } from '@sallyport/contracts';
import { type DutyPerson, departuresOf } from '@sallyport/domain';
import type { Db } from '../../platform/db/index.js';
import { absencesSince, type Person, peopleByIds, peopleOfCells } from '../person/index.js';

/** A person with the facts that duty rules may know (DUTY12). */
export interface DutyFacts {
  readonly person: Person;
  readonly duty: DutyPerson;
}

async function withAbsences(db: Db, people: readonly Person[], now: Instant, since: Instant, policy: PolicyDocument): Promise<Map<Id, DutyFacts>> {
  const ids = people.map(({ id }) => id);
  const absences = new Map<Id, { from: Instant; until: Instant | null }[]>();
  for (const { person, from, until } of await absencesSince(db, ids, since)) absences.set(person, [...(absences.get(person) ?? []), { from, until }]);
  const today = siteTime(now, policy.site.timeZone).date;
  return new Map(
    people.map((person) => {
      const { id, admittedOn, facts } = person;
      return [id, { person, duty: { ...facts, id, admittedOn, departsOn: departuresOf(facts.flags, today), absences: absences.get(id) ?? [] } }];
    }),
  );
}

/** These people with their absences that touch the time from `since` on. Two statements. */
export async function factsOf(db: Db, ids: readonly Id[], now: Instant, since: Instant, policy: PolicyDocument): Promise<Map<Id, DutyFacts>> {
  const people = await peopleByIds(db, ids);
  return withAbsences(db, [...people.values()], now, since, policy);
}

/** Everybody held in these cells, in order of cell and bed, with their absences from `since` on. Two statements. */
export async function factsOfCells(
  db: Db,
  cells: readonly string[] | 'all',
  now: Instant,
  since: Instant,
  policy: PolicyDocument,
): Promise<Map<Id, DutyFacts>> {
  return withAbsences(db, await peopleOfCells(db, cells), now, since, policy);
}

/** The facts as they were at one moment: only absences that covered it. For rules that ask about an act and not about a whole slot. */
export function asOf(duty: DutyPerson, at: Instant): DutyPerson {
  return { ...duty, absences: duty.absences.filter((absence) => absence.from <= at && (absence.until === null || at < absence.until)) };
}
export function isOutAt(duty: DutyPerson, at: Instant): boolean {
  return asOf(duty, at).absences.length > 0;
}
