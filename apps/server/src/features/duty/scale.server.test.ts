import { MINUTE } from '@sallyport/basics';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EVENING, FIRST_SLOT, House } from './house.fixture.js';

/** Of the 9,801 cells that block and room can name. */
const CELLS = 4_200;

let house: House;
beforeEach(async () => {
  house = await House.create();
  const { db } = house.world;
  await sql`insert into cell (number, capacity, sex, transition) select lpad((5000 + n)::text, 4, '0'), 2, 'male', false from generate_series(0, ${CELLS - 1}::integer) n`.execute(
    db,
  );
  await sql`insert into person (id, number, name, sex, birth_date, sentenced, state, cell, bed, admitted_on, passkey_user)
    select gen_random_uuid(), '9' || bed || lpad(number, 6, '0'), 'somebody', 'male', '1980-01-01', false, 'held', number, bed, '2026-01-01', 'scale-test-user-' || number || bed
    from cell, generate_series(1, 2) bed where number >= '5000'`.execute(db);
  await sql`insert into duty_seat (cell, slot, seat, person, starts_at, ends_at, source, roster)
    select p.cell, ${FIRST_SLOT}, p.bed, p.id, ${new Date(EVENING + 30 * MINUTE)}, ${new Date(EVENING + 150 * MINUTE)}, 'roster', (select id from duty_roster limit 1)
    from person p where p.cell >= '5000'`.execute(db);
  await sql`insert into device (id, place, state, public_key, thumbprint, check_value, build, screen, user_agent, enrolled_at, confirmed_by, confirmed_at)
    select gen_random_uuid(), 'cell:' || number, 'active', '{}', lpad(number, 43, 'x'), '000000', 'test', '1280x800', 'test', ${new Date(EVENING)}, gen_random_uuid(), ${new Date(EVENING)}
    from cell`.execute(db);
});
afterEach(() => house.world.drop());

const many = async (table: 'duty_presence' | 'duty_anomaly', cells: string) =>
  (await house.world.db.selectFrom(table).select(sql<number>`count(distinct cell)`.as('count')).where('cell', '>=', cells).executeTakeFirstOrThrow()).count;

test('DUTY25: a house of thousands of cells: prompts are drawn and missed duties raised for all of them', { timeout: 120_000 }, async () => {
  house.world.now = EVENING + 30 * MINUTE;
  await house.jobs.runDue();
  expect(await many('duty_presence', '5000')).toBe(CELLS);
  house.world.now = EVENING + 33 * MINUTE;
  await sql`insert into device_health (device, last_seen_at, build, generation, boot_id, last_seq, queued, parked, clock_offset_ms, persisted)
    select id, ${new Date(house.world.now)}, 'test', id, id, 0, 0, 0, 0, true from device`.execute(house.world.db);
  await house.jobs.runDue();
  expect(await many('duty_anomaly', '5000')).toBe(CELLS);
});
