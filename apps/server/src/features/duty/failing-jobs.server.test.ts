import { HOUR, MINUTE, must, SECOND } from '@sallyport/basics';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EVENING, House } from './house.fixture.js';

let house: House;
beforeEach(async () => {
  house = await House.create('county', EVENING);
  await house.addTerminals((await house.cells()).slice(0, 3));
});
afterEach(() => house.world.drop());

/** What a night left: each anomaly with its slot and moment, and how many alerts and reviews wait. */
async function night() {
  const anomalies = await house.world.db
    .selectFrom('duty_anomaly')
    .select(['kind', 'cell', 'slot', 'at'])
    .orderBy('cell')
    .orderBy('slot')
    .orderBy('kind')
    .execute();
  const count = async (table: 'alert' | 'work_item' | 'roll_call') =>
    (
      await house.world.db
        .selectFrom(table)
        .select((select) => select.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
    ).n;
  return { anomalies, alerts: await count('alert'), items: await count('work_item'), rollCalls: await count('roll_call') };
}

test('JOB1: a night in which every job fails once ends like a night in which none does', async () => {
  await house.moveTo(EVENING + 6 * HOUR);
  const sound = await night();
  expect(sound.anomalies.length).toBeGreaterThan(6);
  expect(sound.rollCalls).toBe(1);
  await house.world.drop();
  house = await House.create('county', EVENING);
  await house.addTerminals((await house.cells()).slice(0, 3));
  house.failsFirst = true;
  await house.moveTo(EVENING + 6 * HOUR + MINUTE);
  expect(await house.world.db.selectFrom('job').select('id').where('last_error', 'is not', null).execute()).not.toEqual([]);
  expect(await night()).toEqual(sound);
});

test('JOB1: a slot that could not be judged at its moment is raised with that moment as soon as it can', async () => {
  const start = EVENING + 30 * MINUTE;
  await house.moveTo(start + 3 * MINUTE - SECOND);
  await sql`alter table duty_anomaly add constraint broken check (false) not valid`.execute(house.world.db);
  await house.moveTo(start + 3 * MINUTE + SECOND);
  expect(await house.anomalies()).toEqual([]);
  await sql`alter table duty_anomaly drop constraint broken`.execute(house.world.db);
  await house.moveTo(start + 3 * MINUTE + 10 * SECOND);
  const found = (await house.anomalies()).filter(({ kind }) => kind === 'NO_DUTY');
  expect(found.length).toBeGreaterThan(0);
  expect(new Set(found.map(({ at }) => at))).toEqual(new Set([start + 3 * MINUTE]));
  expect(must(found[0], 'anomaly').state).toBe('open');
});
