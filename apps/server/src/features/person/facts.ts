import type { Id, Instant } from '@sallyport/basics';
import { type AbsenceReason, type PersonFacts, personFacts } from '@sallyport/contracts';
import { maskName } from '@sallyport/domain';
import { sql } from 'kysely';
import type { Db } from '../../platform/db/index.js';

/** A person as other slices may know them. `out` is the absence that is open now. */
export interface Person {
  readonly id: Id;
  readonly number: string;
  readonly name: string;
  readonly maskedName: string;
  readonly state: 'held' | 'released';
  /** Null once released. */
  readonly cell: string | null;
  readonly bed: number | null;
  /** YYYY-MM-DD on the site's calendar. */
  readonly admittedOn: string;
  readonly facts: PersonFacts;
  readonly out: { readonly reason: AbsenceReason; readonly since: Instant } | null;
  readonly version: number;
}

/** A person who is in a cell. */
export type HeldPerson = Person & { readonly cell: string; readonly bed: number };

const columns = [
  'person.id',
  'person.number',
  'person.name',
  'person.sex',
  'person.birth_date',
  'person.sentenced',
  'person.risk_level',
  'person.flags',
  'person.co_suspect_group',
  'person.state',
  'person.cell',
  'person.bed',
  'person.admitted_on',
  'person.version',
  'person_absence.reason as out_reason',
  'person_absence.since as out_since',
] as const;

function select(db: Db) {
  return db
    .selectFrom('person')
    .leftJoin('person_absence', (join) => join.onRef('person_absence.person_id', '=', 'person.id').on('person_absence.until_at', 'is', null))
    .select(columns);
}
type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number];

function personOf(row: Row): Person {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    maskedName: maskName(row.name),
    state: row.state === 'held' ? 'held' : 'released',
    cell: row.cell,
    bed: row.bed,
    admittedOn: row.admitted_on,
    facts: personFacts.parse({
      sex: row.sex,
      birthDate: row.birth_date,
      sentenced: row.sentenced,
      riskLevel: row.risk_level,
      flags: row.flags,
      coSuspectGroup: row.co_suspect_group,
    }),
    out: row.out_reason !== null && row.out_since !== null ? { reason: row.out_reason as AbsenceReason, since: row.out_since } : null,
    version: row.version,
  };
}

/** Everybody held in these cells (`all`: in the site), by cell and bed. One statement. */
export async function peopleOfCells(db: Db, cells: readonly string[] | 'all'): Promise<HeldPerson[]> {
  if (cells !== 'all' && cells.length === 0) return [];
  const held = select(db).where('person.state', '=', 'held').orderBy('person.cell').orderBy('person.bed');
  const rows = await (cells === 'all' ? held : held.where('person.cell', 'in', [...cells])).execute();
  return rows.map(personOf) as HeldPerson[];
}

/** These people, held or released, by id. Unknown ids are left out. One statement. */
export async function peopleByIds(db: Db, ids: readonly Id[]): Promise<Map<Id, Person>> {
  if (ids.length === 0) return new Map();
  const rows = await select(db)
    .where('person.id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, personOf(row)]));
}

/** People by their numbers, held or released. Unknown numbers are left out. One statement. */
export async function peopleByNumbers(db: Db, numbers: readonly string[]): Promise<Map<string, Person>> {
  if (numbers.length === 0) return new Map();
  const rows = await select(db)
    .where('person.number', '=', sql<string>`any(${[...numbers]}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.number, personOf(row)]));
}

/** A person by the number in the centre, held or released. */
export async function personByNumber(db: Db, number: string): Promise<Person | null> {
  const row = await select(db).where('person.number', '=', number).executeTakeFirst();
  return row ? personOf(row) : null;
}

/** An absence as duty rules read it. */
export interface AbsenceOf {
  readonly person: Id;
  readonly reason: string;
  readonly from: Instant;
  readonly until: Instant | null;
}

/** Absences of these people that touch the time from `from` on, oldest first. */
export async function absencesSince(db: Db, people: readonly Id[], from: Instant): Promise<AbsenceOf[]> {
  if (people.length === 0) return [];
  const rows = await db
    .selectFrom('person_absence')
    .select(['person_id', 'reason', 'since', 'until_at'])
    .where('person_id', '=', sql<string>`any(${[...people]}::uuid[])`)
    .where((where) => where.or([where('until_at', 'is', null), where('until_at', '>', sql<Instant & Date>`${new Date(from)}::timestamptz`)]))
    .orderBy('since')
    .execute();
  return rows.map((row) => ({ person: row.person_id, reason: row.reason, from: row.since, until: row.until_at }));
}

/** A cell of the site. */
export interface Cell {
  readonly number: string;
  readonly block: string;
  readonly capacity: number;
  readonly sex: 'male' | 'female';
  readonly transition: boolean;
}

/** Whether the house has a cell of this number. */
export async function cellExists(db: Db, number: string): Promise<boolean> {
  return (await db.selectFrom('cell').select('number').where('number', '=', number).executeTakeFirst()) !== undefined;
}

/** All cells in order of their number. */
export async function cellsOfSite(db: Db): Promise<Cell[]> {
  const rows = await db.selectFrom('cell').selectAll().orderBy('number').execute();
  return rows.map((row) => ({ ...row, sex: row.sex === 'female' ? 'female' : 'male' }));
}
