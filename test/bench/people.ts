import { createHmac, randomBytes } from 'node:crypto';
import { DAY, type Id, type Instant, mondayOf, newId } from '@sallyport/basics';
import { defaultPolicy, type PublicJwk } from '@sallyport/contracts';
import { type DutySlot, slotTimes } from '@sallyport/domain';
import { nodeClock, nodeRandom } from '@sallyport/offline/node';
import type { Client } from 'pg';

export interface SitePerson {
  readonly id: Id;
  readonly bed: number;
  readonly pin: string;
}
/** A cell with two people and its terminal. */
export interface SiteCell {
  readonly number: string;
  readonly device: Id;
  readonly people: readonly [SitePerson, SitePerson];
}

export interface SeedParts {
  readonly publicKey: PublicJwk;
  /** HMAC key of the PINs, from the server's key file. */
  readonly pinKey: Buffer;
  readonly now: Instant;
}

/** Cells are four digits, and block 00 is no block. */
const FIRST_CELL = 101;
const MOST_CELLS = 9_800;
/** Longer ago than anybody is new or in transition. */
const HELD_FOR_MS = 200 * DAY;
const SALT_BYTES = 16;
const THUMBPRINT_BYTES = 32;
const FIRST_PERSON = 20_000_000;
const USER_BYTES = 16;

const id = () => newId(nodeClock, nodeRandom);

export function planCells(count: number): SiteCell[] {
  if (count > MOST_CELLS) throw new Error(`a site has at most ${MOST_CELLS} cells`);
  const person = (bed: number): SitePerson => ({ id: id(), bed, pin: String(100_000 + (randomBytes(4).readUInt32BE(0) % 900_000)) });
  return Array.from({ length: count }, (_, index) => ({ number: String(FIRST_CELL + index).padStart(4, '0'), device: id(), people: [person(1), person(2)] }));
}

async function insertCells(db: Client, cells: readonly SiteCell[], { publicKey, now }: SeedParts): Promise<void> {
  const numbers = cells.map(({ number }) => number);
  await db.query(`insert into cell (number, capacity, sex, transition) select number, 12, 'male', false from unnest($1::text[]) as c (number)`, [numbers]);
  // One key pair serves all terminals: what it costs to check a signature is the same, and the thumbprint is never compared.
  await db.query(
    `insert into device (id, place, state, public_key, thumbprint, check_value, build, screen, user_agent, enrolled_at, confirmed_by, confirmed_at)
     select id, 'cell:' || number, 'active', $3::jsonb, thumbprint, '123456', 'bench', '1280x800', 'bench', $5, gen_random_uuid(), $5
     from unnest($1::uuid[], $2::text[], $4::text[]) as d (id, number, thumbprint)`,
    [
      cells.map(({ device }) => device),
      numbers,
      JSON.stringify(publicKey),
      cells.map(() => randomBytes(THUMBPRINT_BYTES).toString('base64url')),
      new Date(now - HELD_FOR_MS),
    ],
  );
}

/** No terminal of the site sends signs of life of its own, so each has sent one that lasts: hundreds of silent terminals are another benchmark. */
async function insertHealth(db: Client, cells: readonly SiteCell[], now: Instant): Promise<void> {
  await db.query(
    `insert into device_health (device, last_seen_at, build, generation, boot_id, last_seq, queued, parked, clock_offset_ms, persisted)
     select device, $2, 'bench', gen_random_uuid(), gen_random_uuid(), 0, 0, 0, 0, true from unnest($1::uuid[]) as d (device)`,
    [cells.map(({ device }) => device), new Date(now + DAY)],
  );
}

async function insertPeople(db: Client, cells: readonly SiteCell[], { pinKey, now }: SeedParts): Promise<void> {
  const people = cells.flatMap(({ number, people: both }) => both.map((person) => ({ ...person, cell: number })));
  const since = new Date(now - HELD_FOR_MS);
  const base = [people.map((person) => person.id), people.map(({ cell }) => cell), people.map(({ bed }) => bed)];
  await db.query(
    `insert into person (id, number, name, sex, birth_date, sentenced, state, cell, bed, admitted_on, passkey_user)
     select id, number, '测试', 'male', '1990-01-01', false, 'held', cell, bed, $6::date, passkey_user
     from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[]) as p (id, cell, bed, number, passkey_user)`,
    [
      ...base,
      people.map((_, index) => String(FIRST_PERSON + index)),
      people.map(() => randomBytes(USER_BYTES).toString('hex')),
      since.toISOString().slice(0, 10),
    ],
  );
  await db.query(
    `insert into person_stay (id, person_id, cell, bed, from_at, reason)
     select gen_random_uuid(), id, cell, bed, $4, 'admitted' from unnest($1::uuid[], $2::text[], $3::int[]) as p (id, cell, bed)`,
    [...base, since],
  );
  const salts = people.map(() => randomBytes(SALT_BYTES));
  const hashes = people.map(({ pin }, index) =>
    createHmac('sha256', pinKey)
      .update(salts[index] as Buffer)
      .update(pin, 'utf8')
      .digest(),
  );
  await db.query(
    'insert into person_pin (person_id, salt, hash, set_at) select person, salt, hash, $4 from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as p (person, salt, hash)',
    [base[0], salts, hashes, since],
  );
}

/** Fills an empty site with cells, terminals that are confirmed, and people who are long there and have a PIN. */
export async function seedCells(db: Client, count: number, parts: SeedParts): Promise<SiteCell[]> {
  const cells = planCells(count);
  await insertCells(db, cells, parts);
  await insertHealth(db, cells, parts.now);
  await insertPeople(db, cells, parts);
  return cells;
}

/** Puts both people of each cell on duty in each slot, by an approved roster. */
export async function seedSeats(db: Client, cells: readonly SiteCell[], slots: readonly DutySlot[], made: { roster: () => Id; now: Instant }): Promise<void> {
  for (const slot of slots) {
    const week = mondayOf(slot.date);
    const numbers = cells.map(({ number }) => number);
    await db.query(
      `insert into duty_roster (id, cell, week, version, state, slots, effective_from, made_at, decided_at)
       select id, cell, $3::date, 1, 'approved', '[]', $4, $5, $5 from unnest($1::uuid[], $2::text[]) as r (id, cell) on conflict (cell, week, version) do nothing`,
      [cells.map(made.roster), numbers, week, slot.key, new Date(made.now)],
    );
    await db.query(
      `insert into duty_seat (cell, slot, seat, person, starts_at, ends_at, source, roster)
       select s.cell, $4, s.seat, s.person, $5, $6, 'roster', r.id
       from unnest($1::text[], $2::int[], $3::uuid[]) as s (cell, seat, person) join duty_roster r on r.cell = s.cell and r.week = $7::date`,
      [
        cells.flatMap(({ number }) => [number, number]),
        cells.flatMap(() => [1, 2]),
        cells.flatMap(({ people }) => people.map((person) => person.id)),
        slot.key,
        new Date(slot.start),
        new Date(slot.end),
        week,
      ],
    );
  }
  await db.query('analyze');
}

/**
 * Makes these terminals ones that came back a moment ago: silent since before the first slot, and each slot noted as unproved because of that,
 * as the house has it when nobody could sign in at the server.
 */
export async function seedOutage(db: Client, cells: readonly SiteCell[], slots: readonly DutySlot[], now: Instant): Promise<void> {
  const [first] = slots;
  if (!first) return;
  await db.query(
    `insert into device_silence (id, device, since, amber_at, red_at, ended_at)
     select gen_random_uuid(), device, $2, $2, $2, $3 from unnest($1::uuid[]) as d (device)`,
    [cells.map(({ device }) => device), new Date(first.start - DAY / 24), new Date(now)],
  );
  for (const slot of slots) {
    const at = new Date(slotTimes(slot, defaultPolicy).onTimeUntil);
    await db.query(
      `insert into duty_anomaly (id, key, kind, cell, slot, day, at, raised_at, people, back_at)
       select gen_random_uuid(), 'TERMINAL_OFFLINE:' || cell || ':' || $4, 'TERMINAL_OFFLINE', cell, $4, $5::date, $6, $6, array[one, other], $7
       from unnest($1::text[], $2::uuid[], $3::uuid[]) as c (cell, one, other)`,
      [
        cells.map(({ number }) => number),
        cells.map(({ people: [one] }) => one.id),
        cells.map(({ people: [, other] }) => other.id),
        slot.key,
        slot.date,
        at,
        new Date(now),
      ],
    );
  }
  await db.query('analyze');
}
