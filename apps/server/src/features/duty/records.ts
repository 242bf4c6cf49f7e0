import { addDays, type Instant, instantOf } from '@sallyport/basics';
import {
  dutyAnomalies,
  dutyRecords,
  id as idText,
  instantText,
  nightExceptions,
  type PolicyDocument,
  type ResponseOf,
  type SearchOf,
  type SignInReview,
} from '@sallyport/contracts';
import { blocksFor, slotsOfDate } from '@sallyport/domain';
import { sql } from 'kysely';
import type { OfficerActor } from '../../platform/commands/kind.js';
import { officerQuery, positionText, type Query, type QueryScope, readPosition } from '../../platform/queries/index.js';
import { peopleByIds, personByNumber } from '../person/index.js';
import { anomalyViews } from './anomaly-view.js';
import type { SignInRecord } from './evidence.js';
import { iso, listed } from './view.js';

type Scope = QueryScope<OfficerActor>;
const DEFAULT_LIMIT = 50;
/** Most exceptions of one night's page; a night of the largest site with a power cut has fewer. */
const NIGHT_LIMIT = 1_000;

/** The condition that keeps rows within the officer's blocks. */
function within(actor: OfficerActor) {
  const blocks = blocksFor(actor.posts, 'duty.read');
  return blocks === 'all' ? sql<boolean>`true` : sql<boolean>`left(cell, 2) = any(${[...blocks]}::text[])`;
}

/** From the start of a date to the end of another on the site's calendar; nulls where not asked. */
function period(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  { site }: PolicyDocument,
): { from: Instant | null; until: Instant | null } {
  return { from: from ? instantOf(from, 0, site.timeZone) : null, until: to ? instantOf(addDays(to, 1), 0, site.timeZone) : null };
}

/** The id that a number searches for: undefined when not asked, null when nobody has it. */
async function searched({ db }: Scope, number: string | undefined): Promise<string | null | undefined> {
  return number === undefined ? undefined : ((await personByNumber(db, number))?.id ?? null);
}

const POSITION = [instantText, idText] as const;

/** The page and the cursor of its end. */
function pageOf<Row extends { id: string }>(rows: readonly Row[], limit: number, at: (row: Row) => Instant): { page: Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: rows.length > limit && last ? positionText([iso(at(last)), last.id]) : null };
}

async function signIns(scope: Scope, search: SearchOf<typeof dutyRecords>): Promise<ResponseOf<typeof dutyRecords>> {
  const limit = search.limit ?? DEFAULT_LIMIT;
  const { from, until } = period(search, scope.policy);
  const person = await searched(scope, search.person);
  if (person === null) return { rows: [], nextCursor: null };
  const position = readPosition(search.cursor, POSITION);
  let query = scope.db.selectFrom('duty_sign_in').selectAll().where(within(scope.actor));
  if (from !== null) query = query.where(sql<boolean>`signed_at >= ${new Date(from)}`);
  if (until !== null) query = query.where(sql<boolean>`signed_at < ${new Date(until)}`);
  if (search.cell) query = query.where('cell', '=', search.cell);
  if (search.slot) query = query.where('slot', '=', search.slot);
  if (person) query = query.where('person', '=', person);
  if (position) query = query.where(sql<boolean>`(signed_at, id) < (${position[0]}::timestamptz, ${position[1]}::uuid)`);
  const rows = (await query
    .orderBy('signed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()) as SignInRecord[];
  const { page, nextCursor } = pageOf(rows, limit, ({ signed_at }) => signed_at);
  const people = await peopleByIds(
    scope.db,
    page.map((row) => row.person),
  );
  return {
    rows: page.map((row) => {
      const { number, maskedName } = listed(row.person, people.get(row.person));
      const times = { claimedAt: iso(row.claimed_at), correctedAt: iso(row.corrected_at), receivedAt: iso(row.received_at) };
      return {
        id: row.id,
        cell: row.cell,
        slot: row.slot,
        bed: row.bed,
        personId: row.person,
        number,
        maskedName,
        state: row.state,
        ...times,
        proof: row.proof,
        device: row.device,
        skewSeconds: row.skew_ms === null ? null : row.skew_ms / 1_000,
        review: row.review as SignInReview[],
      };
    }),
    nextCursor,
  };
}

async function anomalies(scope: Scope, search: SearchOf<typeof dutyAnomalies>): Promise<ResponseOf<typeof dutyAnomalies>> {
  const limit = search.limit ?? DEFAULT_LIMIT;
  const { from, until } = period(search, scope.policy);
  const person = await searched(scope, search.person);
  if (person === null) return { rows: [], nextCursor: null };
  const position = readPosition(search.cursor, POSITION);
  let query = scope.db.selectFrom('duty_anomaly').selectAll().where(within(scope.actor));
  if (from !== null) query = query.where(sql<boolean>`at >= ${new Date(from)}`);
  if (until !== null) query = query.where(sql<boolean>`at < ${new Date(until)}`);
  if (search.cell) query = query.where('cell', '=', search.cell);
  if (search.slot) query = query.where('slot', '=', search.slot);
  if (search.anomaly) query = query.where('kind', '=', search.anomaly);
  if (person) query = query.where(sql<boolean>`people @> array[${person}]::uuid[]`);
  if (position) query = query.where(sql<boolean>`(at, id) < (${position[0]}::timestamptz, ${position[1]}::uuid)`);
  const rows = await query
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const { page, nextCursor } = pageOf(rows, limit, ({ at }) => at);
  return { rows: await anomalyViews(scope.db, page), nextCursor };
}

/** The night that began on a date: its night slots, from the first start to the last end. */
async function night(scope: Scope, date: string): Promise<ResponseOf<typeof nightExceptions> | null> {
  const slots = slotsOfDate(date, scope.policy).filter((slot) => slot.night);
  const [first, last] = [slots[0], slots.at(-1)];
  if (!first || !last) return null;
  const keys = slots.map(({ key }) => key);
  const inNight = sql<boolean>`slot = any(${keys}::text[])`;
  const rows = await scope.db
    .selectFrom('duty_anomaly')
    .selectAll()
    .where(inNight)
    .where(within(scope.actor))
    .orderBy('at')
    .orderBy('id')
    .limit(NIGHT_LIMIT)
    .execute();
  const planned = await scope.db
    .selectFrom('duty_seat')
    .select(sql<number>`count(distinct (cell, slot))`.as('count'))
    .where(inNight)
    .where(within(scope.actor))
    .executeTakeFirstOrThrow();
  const signed = await scope.db
    .selectFrom('duty_sign_in')
    .select(sql<number>`count(*)`.as('count'))
    .where(inNight)
    .where(within(scope.actor))
    .executeTakeFirstOrThrow();
  return {
    date,
    from: iso(first.start),
    to: iso(last.end),
    slots: planned.count,
    signIns: signed.count,
    anomalies: await anomalyViews(scope.db, rows),
    unreviewed: rows.filter(({ state }) => state !== 'ended').length,
  };
}

export const recordQueries: readonly Query[] = [
  officerQuery<typeof dutyRecords>({
    contract: dutyRecords,
    permission: 'duty.read',
    audit: (_params, search) => ({ subjectKind: 'duty-record', subjectId: search.person ?? null, cell: search.cell ?? null }),
    read: (scope, _params, search) => signIns(scope, search),
  }),
  officerQuery<typeof dutyAnomalies>({
    contract: dutyAnomalies,
    permission: 'duty.read',
    audit: (_params, search) => ({ subjectKind: 'duty-anomaly', subjectId: search.person ?? null, cell: search.cell ?? null }),
    read: (scope, _params, search) => anomalies(scope, search),
  }),
  officerQuery<typeof nightExceptions>({
    contract: nightExceptions,
    permission: 'duty.read',
    audit: ({ date }) => ({ subjectKind: 'duty-night', subjectId: date }),
    read: (scope, { date }) => night(scope, date),
  }),
];
