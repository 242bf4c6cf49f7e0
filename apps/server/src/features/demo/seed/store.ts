import { HOUR, instantOf } from '@sallyport/basics';
import { sql } from 'kysely';
import type { CommandScope } from '../../../platform/commands/kind.js';
import { newPasskeyUser, sealPin } from '../../person/index.js';
import type { SeedCell } from './cells.js';
import type { SeedOfficer } from './officers.js';
import type { SeedPerson } from './people.js';
import { seedPin } from './people.js';

/** Rows of one statement: few round trips, and no statement of many megabytes. */
const CHUNK = 1_000;
/** Admissions of the seed happen at noon of their day. */
const NOON_MINUTE = 12 * 60;
const REASON = '演示数据';

/** Writes the cells. */
export async function insertCells({ trx }: CommandScope, cells: readonly SeedCell[]): Promise<void> {
  await trx
    .insertInto('cell')
    .values(cells.map(({ number, capacity, sex, use }) => ({ number, capacity, sex, transition: use === 'transition' })))
    .execute();
}

/** Writes people, their stays and their PINs, a thousand at a time. */
export async function insertPeople(scope: CommandScope, people: readonly SeedPerson[], site: string): Promise<void> {
  const { trx, policy, keys, random, now } = scope;
  for (let start = 0; start < people.length; start += CHUNK) {
    const rows = people.slice(start, start + CHUNK).map((person) => {
      const admitted = instantOf(person.admittedOn, NOON_MINUTE, policy.site.timeZone);
      return {
        ...person,
        id: scope.newId(),
        stay: scope.newId(),
        from: Math.min(admitted, now - HOUR),
        ...sealPin(keys.pin, random, seedPin(site, person.number)),
      };
    });
    await trx
      .insertInto('person')
      .values(
        rows.map(({ id, number, name, cell, bed, admittedOn, facts }) => ({
          id,
          number,
          name,
          sex: facts.sex,
          birth_date: facts.birthDate,
          sentenced: facts.sentenced,
          risk_level: facts.riskLevel,
          flags: facts.flags,
          co_suspect_group: facts.coSuspectGroup,
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
      .values(rows.map(({ id, stay, cell, bed, from }) => ({ id: stay, person_id: id, cell, bed, from_at: new Date(from), reason: REASON })))
      .execute();
    await trx
      .insertInto('person_pin')
      .values(rows.map(({ id, salt, hash }) => ({ person_id: id, salt, hash, set_at: new Date(now) })))
      .execute();
  }
}

/** Writes the officers, who have not signed in yet. */
export async function insertOfficers(scope: CommandScope, officers: readonly SeedOfficer[]): Promise<void> {
  const created = new Date(scope.now);
  await scope.trx
    .insertInto('officer')
    .values(
      officers.map(({ name, staffNo, posts }) => ({
        id: scope.newId(),
        name,
        staff_no: staffNo,
        posts: JSON.stringify(posts),
        state: 'invited',
        created_at: created,
      })),
    )
    .execute();
}

const SEEDED = 'demo-site';

/** The size of the demo site that this database holds; null before it was seeded. */
export async function seededSite(scope: Pick<CommandScope, 'trx'>): Promise<string | null> {
  const row = await scope.trx.selectFrom('site').select('value').where('key', '=', SEEDED).executeTakeFirst();
  return typeof row?.value === 'string' ? row.value : null;
}

/** Notes the size; false when another process has just done so, which then seeds. */
export async function markSeeded({ trx }: CommandScope, size: string): Promise<boolean> {
  const written = await trx
    .insertInto('site')
    .values({ key: SEEDED, value: JSON.stringify(size) })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('key')
    .execute();
  return written.length > 0;
}

/** Fresh figures for the planner: the next statements already ask the new tables. */
export async function analyse({ trx }: CommandScope): Promise<void> {
  await sql`analyze person, person_stay, person_pin, cell`.execute(trx);
}
