import { MINUTE, must } from '@sallyport/basics';
import { workDetail } from '@sallyport/contracts';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { House } from '../duty/house.fixture.js';
import { announceStuckJob } from './index.js';

let house: House;
beforeEach(async () => {
  house = await House.create();
});
afterEach(() => house.world.drop());

test('JOB3: jobs of a kind that stay failing are one alert and one item, which names them and nothing of their inside', async () => {
  const { db, now } = house.world;
  for (const key of ['one', 'two'])
    await sql`insert into job (kind, key, due_at, payload, attempts, last_error, retry_at)
      values ('duty.presence', ${key}, ${new Date(now - 20 * MINUTE)}, '{"person":"secret"}', 9, 'DatabaseError: 23514', ${new Date(now + MINUTE)})`.execute(
      db,
    );
  for (let failure = 0; failure < 3; failure += 1) await house.world.transact((scope) => announceStuckJob(scope, { kind: 'duty.presence' }));
  const alerts = await db.selectFrom('alert').select(['kind', 'level', 'count']).where('kind', '=', 'job-stuck').execute();
  expect(alerts).toEqual([{ kind: 'job-stuck', level: 'medium', count: 3 }]);
  const items = await db.selectFrom('work_item').select('id').where('kind', '=', 'job-stuck').execute();
  expect(items).toHaveLength(1);
  const id = must(items[0], 'item').id;
  const detail = await house.read(workDetail, await house.officer('system-admin'), { id });
  expect(detail.title).toEqual({ key: 'work.title.job-stuck', values: { kind: 'duty.presence' } });
  expect(detail.content).toMatchObject({
    kind: 'duty.presence',
    jobs: [
      { attempts: 9, error: 'DatabaseError' },
      { attempts: 9, error: 'DatabaseError' },
    ],
  });
  expect(JSON.stringify(detail)).not.toContain('secret');
  await expect(house.read(workDetail, await house.officer('medical'), { id })).rejects.toThrow();
});
