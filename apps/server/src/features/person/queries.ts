import type { Instant } from '@sallyport/basics';
import { blockOfCell, cellList, id as idText, PAGE_LIMIT, peopleList, personDetail, type SearchOf } from '@sallyport/contracts';
import { blocksFor } from '@sallyport/domain';
import { sql } from 'kysely';
import { z } from 'zod';
import type { OfficerActor } from '../../platform/commands/kind.js';
import type { Db } from '../../platform/db/index.js';
import { officerQuery, positionText, type Query, readPosition } from '../../platform/queries/index.js';
import { cellsOfSite, type Person, peopleByIds, peopleOfCells } from './facts.js';
import { openLock } from './store.js';

const DEFAULT_ROWS = 50;
const text = (instant: Instant) => new Date(instant).toISOString();

/** Position in the list: cell ("~" for nobody's), bed, id of the last row shown. */
const POSITION = [z.string().regex(/^(\d{4}|~)$/), z.coerce.number().int().min(0).max(40), idText] as const;
function cursorOf({ cell, bed, id }: Person): string {
  return Buffer.from(positionText([cell ?? '~', bed ?? 0, id])).toString('base64url');
}

async function lockedPins(db: Db, ids: readonly string[], now: Instant): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('person_pin')
    .select(['person_id', 'locked_until'])
    .where('person_id', 'in', [...ids])
    .where('locked_until', 'is not', null)
    .execute();
  return new Set(rows.filter((row) => openLock(row.locked_until, now)).map((row) => row.person_id));
}

function rowOf(person: Person, pinLocked: boolean) {
  const { id, number, maskedName, cell, bed, state, admittedOn, version, facts } = person;
  const out = person.out && { reason: person.out.reason, since: text(person.out.since) };
  return { id, number, maskedName, cell, bed, state, admittedOn, out, flags: facts.flags, riskLevel: facts.riskLevel, pinLocked, version };
}

/** Ids of a page and how many people the search finds at all, within the officer's blocks. Released people lie in no block. */
async function findPeople(db: Db, actor: OfficerActor, search: SearchOf<typeof peopleList>) {
  const blocks = blocksFor(actor.posts, 'person.read');
  let query = db.selectFrom('person').where('state', '=', search.state ?? 'held');
  if (blocks !== 'all') query = query.where(sql<string>`substr(cell, 1, 2)`, 'in', blocks.length > 0 ? [...blocks] : ['--']);
  if (search.cell !== undefined) query = query.where('cell', '=', search.cell);
  const words = search.text?.trim();
  if (words) {
    const pattern = `%${words.replaceAll(/[\\%_]/g, '\\$&')}%`;
    query = query.where((where) => where.or([where('number', 'like', pattern), where('name', 'like', pattern), where('cell', '=', words)]));
  }
  const { amount } = await query.select((select) => select.fn.countAll<number>().as('amount')).executeTakeFirstOrThrow();
  const after = readPosition(search.cursor === undefined ? undefined : Buffer.from(search.cursor, 'base64url').toString('utf8'), POSITION);
  const page = after ? query.where(sql<boolean>`(coalesce(cell, '~'), coalesce(bed, 0), id::text) > (${after[0]}, ${after[1]}::int, ${after[2]})`) : query;
  const rows = await page
    .select('id')
    .orderBy(sql`coalesce(cell, '~'), coalesce(bed, 0), id::text`)
    .limit((search.limit ?? DEFAULT_ROWS) + 1)
    .execute();
  return { ids: rows.map((row) => row.id), total: Number(amount) };
}

const people = officerQuery<typeof peopleList>({
  contract: peopleList,
  permission: 'person.read',
  audit: null,
  read: async ({ db, actor, now }, _params, search) => {
    const limit = Math.min(search.limit ?? DEFAULT_ROWS, PAGE_LIMIT);
    const { ids, total } = await findPeople(db, actor, search);
    const shown = ids.slice(0, limit);
    const [byId, locked] = [await peopleByIds(db, shown), await lockedPins(db, shown, now)];
    const rows = shown.flatMap((id) => byId.get(id) ?? []);
    const last = rows.at(-1);
    return { rows: rows.map((person) => rowOf(person, locked.has(person.id))), nextCursor: ids.length > limit && last ? cursorOf(last) : null, total };
  },
});

/** Where the person was, newest first; the end of the last stay is the release. */
async function movesOf(db: Db, id: string) {
  const stays = await db
    .selectFrom('person_stay')
    .leftJoin('officer as beginner', 'beginner.id', 'begun_by')
    .leftJoin('officer as ender', 'ender.id', 'ended_by')
    .select(['cell', 'bed', 'from_at', 'until_at', 'reason', 'end_reason', 'beginner.name as begun_name', 'ender.name as ended_name'])
    .where('person_id', '=', id)
    .orderBy('from_at', 'desc')
    .execute();
  const [last] = stays;
  const end = last?.until_at != null ? [{ at: text(last.until_at), cell: null, bed: null, reason: last.end_reason ?? '', by: last.ended_name }] : [];
  return [...end, ...stays.map((stay) => ({ at: text(stay.from_at), cell: stay.cell, bed: stay.bed, reason: stay.reason, by: stay.begun_name }))];
}

function maySee(actor: OfficerActor, person: Person): boolean {
  const blocks = blocksFor(actor.posts, 'person.read');
  return blocks === 'all' || (person.cell !== null && blocks.includes(blockOfCell(person.cell)));
}

const detail = officerQuery<typeof personDetail>({
  contract: personDetail,
  permission: 'person.read',
  audit: ({ id }) => ({ subjectKind: 'person', subjectId: id, shown: ['name', 'facts', 'moves'] }),
  read: async ({ db, actor, now }, { id }) => {
    const person = (await peopleByIds(db, [id])).get(id);
    if (!person || !maySee(actor, person)) return null;
    const keys = await db
      .selectFrom('person_passkey')
      .select((select) => select.fn.countAll<number>().as('amount'))
      .where('person_id', '=', id)
      .executeTakeFirstOrThrow();
    const locked = await lockedPins(db, [id], now);
    return { ...rowOf(person, locked.has(id)), name: person.name, facts: person.facts, credentials: Number(keys.amount), moves: await movesOf(db, id) };
  },
});

/** Beds in use, by cell. No cells: no statement. */
async function bedsTaken(db: Db, numbers: readonly string[]): Promise<Map<string, Set<number>>> {
  const taken = new Map<string, Set<number>>();
  for (const person of await peopleOfCells(db, numbers)) taken.set(person.cell, (taken.get(person.cell) ?? new Set<number>()).add(person.bed));
  return taken;
}

const cells = officerQuery<typeof cellList>({
  contract: cellList,
  permission: ['person.read', 'device.manage'],
  audit: null,
  read: async ({ db, actor }) => {
    const [forPeople, forDevices] = [blocksFor(actor.posts, 'person.read'), blocksFor(actor.posts, 'device.manage')];
    const within = (blocks: typeof forPeople, block: string) => blocks === 'all' || blocks.includes(block);
    const seen = (await cellsOfSite(db)).filter(({ block }) => within(forPeople, block) || within(forDevices, block));
    // Who binds terminals to places sees the places, not who is in them.
    const peopled = seen.filter(({ block }) => within(forPeople, block)).map((cell) => cell.number);
    const taken = await bedsTaken(db, peopled);
    return {
      withPeople: forPeople.length > 0,
      cells: seen.map(({ number, block, capacity, sex, transition }) => {
        const beds = taken.get(number) ?? new Set<number>();
        const free = Array.from({ length: peopled.includes(number) ? capacity : 0 }, (_, index) => index + 1).filter((bed) => !beds.has(bed));
        return { cell: number, block, capacity, people: beds.size, sex, transition, freeBeds: free };
      }),
    };
  },
});

/** What the console reads about people. */
export const personQueries: readonly Query[] = [people, detail, cells];
