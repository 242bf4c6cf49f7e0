import { DAY, type Id, type Instant } from '@sallyport/basics';
import type { PolicyDocument, SignInReview } from '@sallyport/contracts';
import { type DutySlot, type SlotEvidence, slotTimes } from '@sallyport/domain';
import { type Selectable, sql } from 'kysely';
import type { Db, Schema } from '../../platform/db/index.js';
import { type DutyFacts, factsOf, isOutAt } from './people.js';
import { cellsWithoutRoster } from './roster-cover.js';
import { silencesOf } from './silence.js';

export type SeatRecord = Selectable<Schema['duty_seat']>;
export type SignInRecord = Omit<Selectable<Schema['duty_sign_in']>, 'state'> & { readonly state: 'on-time' | 'late' | 'late-proved' };
export type PresenceRecord = Selectable<Schema['duty_presence']>;

/** What is known of one slot of one cell, for the rules and for whoever shows it. */
export interface CellSlot {
  readonly cell: string;
  readonly slot: DutySlot;
  readonly seats: readonly SeatRecord[];
  readonly signIns: readonly SignInRecord[];
  readonly people: ReadonlyMap<Id, DutyFacts>;
  readonly evidence: SlotEvidence;
}

function group<Row extends { cell: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.cell, [...(groups.get(row.cell) ?? []), row]);
  return groups;
}

/** Seats of a slot in these cells. */
export async function seatsOf(db: Db, slot: string, cells: readonly string[] | 'all'): Promise<SeatRecord[]> {
  const query = db.selectFrom('duty_seat').selectAll().where('slot', '=', slot).orderBy('cell').orderBy('seat');
  return cells === 'all' ? query.execute() : query.where('cell', '=', sql<string>`any(${[...cells]}::text[])`).execute();
}

function signInsOf(db: Db, slot: string, cells: readonly string[]): Promise<SignInRecord[]> {
  const query = db
    .selectFrom('duty_sign_in')
    .selectAll()
    .where('slot', '=', slot)
    .where('cell', '=', sql<string>`any(${[...cells]}::text[])`);
  return query.execute() as Promise<SignInRecord[]>;
}

function promptsOf(db: Db, slot: string, cells: readonly string[]): Promise<PresenceRecord[]> {
  return db
    .selectFrom('duty_presence')
    .selectAll()
    .where('slot', '=', slot)
    .where('cell', '=', sql<string>`any(${[...cells]}::text[])`)
    .where('state', 'in', ['asked', 'answered', 'missed'])
    .execute();
}

/** What an earlier look noted: a terminal that was silent then stays silent until it was first seen again, whatever is known now. */
async function notedSilences(db: Db, slot: string, cells: readonly string[]): Promise<{ cell: string; from: Instant; until: Instant | null }[]> {
  return db
    .selectFrom('duty_anomaly')
    .select(['cell', 'at as from', 'back_at as until'])
    .where('slot', '=', slot)
    .where('kind', '=', 'TERMINAL_OFFLINE')
    .where('cell', '=', sql<string>`any(${[...cells]}::text[])`)
    .execute();
}

/**
 * Who has to be on duty: the people of the seats without those who were out of the cell when the sign-in was due.
 * Whoever has signed in stays counted, wherever they went later.
 */
function dutyBound(seats: readonly SeatRecord[], signIns: readonly SignInRecord[], people: ReadonlyMap<Id, DutyFacts>, at: Instant): Id[] {
  const signed = new Set(signIns.map(({ person }) => person));
  return seats
    .map(({ person }) => person)
    .filter((id) => {
      const facts = people.get(id);
      return signed.has(id) || (facts !== undefined && facts.person.state === 'held' && !isOutAt(facts.duty, at));
    });
}

/** All that is known of a slot in these cells, a fixed number of statements whatever their number. Cells without seats are left out unless named. */
export async function loadSlot(db: Db, slot: DutySlot, cells: readonly string[] | 'all', now: Instant, policy: PolicyDocument): Promise<CellSlot[]> {
  // A change of the time zone moves a key to another time; seats stay with the time for which they were approved.
  const allSeats = (await seatsOf(db, slot.key, cells)).filter(({ starts_at }) => starts_at === slot.start);
  const seats = group(allSeats);
  const named = cells === 'all' ? [...seats.keys()] : [...new Set(cells)];
  if (named.length === 0) return [];
  const people = await factsOf(
    db,
    allSeats.map(({ person }) => person),
    now,
    slot.start - DAY,
    policy,
  );
  const signIns = group(await signInsOf(db, slot.key, named));
  const prompts = group(await promptsOf(db, slot.key, named));
  const silences = await silencesOf(db, named, slot.start - DAY, now, policy);
  for (const { cell, from, until } of await notedSilences(db, slot.key, named)) silences.get(cell)?.unshift({ from, until });
  const missing = await cellsWithoutRoster(
    db,
    slot,
    named.filter((cell) => !seats.has(cell)),
    now,
  );
  const judgedAt = Math.min(now, slotTimes(slot, policy).onTimeUntil);
  return named.map((cell) => {
    const own = { seats: seats.get(cell) ?? [], signIns: signIns.get(cell) ?? [] };
    const evidence: SlotEvidence = {
      cell,
      slot,
      planned: own.seats.length > 0,
      rosterMissing: missing.has(cell),
      seats: dutyBound(own.seats, own.signIns, people, judgedAt),
      signIns: own.signIns.map(({ person, received_at, state, late, review }) => ({
        person,
        receivedAt: received_at,
        state,
        late,
        doubted: review.includes('TERMINAL_HEARD' satisfies SignInReview),
      })),
      silences: silences.get(cell) ?? [],
      prompts: (prompts.get(cell) ?? []).map(({ id, ask_at, answer_received_at, in_time }) => ({
        id,
        askedAt: ask_at,
        answer: answer_received_at === null ? null : { receivedAt: answer_received_at, inTime: in_time ?? false },
      })),
      reports: [],
    };
    return { cell, slot, ...own, people, evidence };
  });
}
