import { afterAll, beforeAll, expect, test } from 'vitest';
import { at } from './connect.js';
import { type TestDatabase, createTestDatabase } from './testing.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('instants, dates, bigints and numerics come back as the house uses them', async () => {
  const { rows } = await database.pool.query(
    `select 9007199254740991::bigint as big, array[1, null]::bigint[] as bigs, $1::timestamptz as at, '2026-02-28'::date as day, 12.30::numeric as amount`,
    [new Date(1_700_000_000_123)],
  );
  expect(rows).toEqual([{ big: 9_007_199_254_740_991, bigs: [1, null], at: 1_700_000_000_123, day: '2026-02-28', amount: '12.30' }]);
});

test('a bigint that a number cannot hold is never rounded', async () => {
  await expect(database.pool.query('select 9007199254740992::bigint')).rejects.toThrow('bigint outside the safe range');
});

test('at() serves writing and comparing', async () => {
  const job = { id: '0190a5a0-0000-7000-8000-000000000000', kind: 'k', key: 'k', payload: '{}', created_at: at(5), due_at: at(1000) };
  await database.db.insertInto('job').values(job).execute();
  const found = await database.db.selectFrom('job').select('due_at').where('due_at', '<=', at(1000)).execute();
  expect(found).toEqual([{ due_at: 1000 }]);
});
