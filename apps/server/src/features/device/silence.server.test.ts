import { HOUR, MINUTE, SECOND } from '@sallyport/basics';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorld, START, type World } from '../person/world.fixture.js';
import { lookAround } from './silence.js';

const CELLS = 4_200;

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await sql`insert into cell (number, capacity, sex, transition) select lpad(n::text, 4, '0'), 10, 'male', false from generate_series(1, ${CELLS}::integer) n`.execute(
    world.db,
  );
  await sql`insert into device (id, place, state, public_key, thumbprint, check_value, build, screen, user_agent, enrolled_at, confirmed_by, confirmed_at)
    select gen_random_uuid(), 'cell:' || number, 'active', '{}', lpad(number, 43, 'x'), '000000', 'test', '1280x800', 'test', ${new Date(START)}, gen_random_uuid(), ${new Date(START)}
    from cell`.execute(world.db);
});
afterEach(() => world.drop());

const count = async (state: string) =>
  (
    await world.db
      .selectFrom('alert')
      .select(sql<number>`count(*)`.as('count'))
      .where('kind', '=', 'device-silent')
      .where('state', '=', state)
      .executeTakeFirstOrThrow()
  ).count;

test('ALERT8: thousands of terminals fall silent at once: amber and red once each, with few statements', { timeout: 60_000 }, async () => {
  const look = async (at: number) => {
    world.now = at;
    return world.transact((scope) => lookAround(scope, START));
  };
  await look(START + 30 * SECOND);
  expect(await count('calling')).toBe(0);
  await look(START + MINUTE);
  await look(START + 2 * MINUTE);
  expect(await count('calling')).toBe(CELLS);
  expect(await look(START + 6 * MINUTE)).toBeLessThanOrEqual(START + 7 * MINUTE);
  await look(START + HOUR);
  expect([await count('calling'), await count('withdrawn')]).toEqual([CELLS, CELLS]);
  const silences = await world.db.selectFrom('device_silence').select(['since', 'amber_at', 'red_at', 'alert']).execute();
  expect(silences).toHaveLength(CELLS);
  expect(new Set(silences.map(({ since, amber_at, red_at }) => [since - START, amber_at - START, (red_at ?? 0) - START].join()))).toEqual(
    new Set([[0, MINUTE, 6 * MINUTE].join()]),
  );
  const open = await world.db.selectFrom('work_item').select(sql<number>`count(*)`.as('count')).where('state', '<>', 'done').executeTakeFirstOrThrow();
  expect(open.count).toBe(CELLS);
});
