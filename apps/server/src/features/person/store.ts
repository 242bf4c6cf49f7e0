import type { Id, Instant } from '@sallyport/basics';
import type { PersonFacts } from '@sallyport/contracts';
import type { CommandScope } from '../../platform/commands/kind.js';
import { newPasskeyUser } from './pin.js';

export interface NewPerson {
  readonly id: Id;
  readonly number: string;
  readonly name: string;
  readonly cell: string;
  readonly bed: number;
  readonly admittedOn: string;
  readonly facts: PersonFacts;
}

/** Rows of one statement. */
const CHUNK = 1_000;

export function factColumns(facts: PersonFacts) {
  return {
    sex: facts.sex,
    birth_date: facts.birthDate,
    sentenced: facts.sentenced,
    risk_level: facts.riskLevel,
    flags: [...facts.flags],
    co_suspect_group: facts.coSuspectGroup,
  };
}

/** Writes people and the beginning of their stays, in statements of a thousand rows. */
export async function insertPeople(scope: CommandScope, people: readonly NewPerson[], by: Id, reason: string): Promise<void> {
  const { trx, random, now } = scope;
  for (let start = 0; start < people.length; start += CHUNK) {
    const rows = people.slice(start, start + CHUNK);
    await trx
      .insertInto('person')
      .values(
        rows.map(({ id, number, name, cell, bed, admittedOn, facts }) => ({
          id,
          number,
          name,
          ...factColumns(facts),
          state: 'held',
          cell,
          bed,
          admitted_on: admittedOn,
          passkey_user: newPasskeyUser(random),
        })),
      )
      .execute();
    await trx
      .insertInto('person_stay')
      .values(rows.map(({ id, cell, bed }) => ({ id: scope.newId(), person_id: id, cell, bed, from_at: new Date(now), reason, begun_by: by })))
      .execute();
  }
}

/** Ends the stay of a person and, where given, begins the next one at the same moment. */
export async function changeStay(scope: CommandScope, person: Id, by: Id, reason: string, next: { cell: string; bed: number } | null): Promise<void> {
  const { trx, now } = scope;
  await trx
    .updateTable('person_stay')
    .set({ until_at: new Date(now), end_reason: reason, ended_by: by })
    .where('person_id', '=', person)
    .where('until_at', 'is', null)
    .execute();
  if (!next) return;
  await trx
    .insertInto('person_stay')
    .values({ id: scope.newId(), person_id: person, cell: next.cell, bed: next.bed, from_at: new Date(now), reason, begun_by: by })
    .execute();
}

/** Stores a PIN, ends a lock and forgets wrong tries. */
export async function storePin({ trx, now }: CommandScope, person: Id, sealed: { salt: Buffer; hash: Buffer }): Promise<void> {
  const row = { salt: sealed.salt, hash: sealed.hash, set_at: new Date(now), locked_until: null };
  await trx
    .insertInto('person_pin')
    .values({ person_id: person, ...row })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
    .execute();
  await trx.deleteFrom('pin_failure').where('person_id', '=', person).execute();
}

/** Ends an absence that is open. False when there is none. */
export async function endAbsence({ trx, now }: CommandScope, person: Id, by: Id): Promise<boolean> {
  const ended = await trx
    .updateTable('person_absence')
    .set({ until_at: new Date(now), back_by: by })
    .where('person_id', '=', person)
    .where('until_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return ended !== undefined;
}

/** When the lock of a person's PIN ends; null without one. */
export function openLock(lockedUntil: Instant | null, now: Instant): boolean {
  return lockedUntil !== null && lockedUntil > now;
}
