import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { failureKind } from './failures.js';
import { isStalePlan, StatementNames } from './prepared.js';
import { createTestDatabase } from './testing.js';

const OFTEN = 40;

test('only a text that comes often gets a name, and keeps it until all are renewed', () => {
  const names = new StatementNames();
  const given = Array.from({ length: OFTEN }, () => names.nameOf('select 1'));
  expect(given[0]).toBeUndefined();
  const name = given.at(-1);
  expect(name).toBeDefined();
  names.renew();
  const later = Array.from({ length: OFTEN }, () => names.nameOf('select 1')).at(-1);
  expect(later).toBeDefined();
  expect(later).not.toBe(name);
});

test('texts beyond the limit are sent as they are', () => {
  const names = new StatementNames();
  const texts = Array.from({ length: 200 }, (_, index) => `select ${index}`);
  const named = texts.filter((text) => Array.from({ length: OFTEN }, () => names.nameOf(text)).at(-1) !== undefined);
  expect(named.length).toBeLessThan(texts.length);
  expect(named.length).toBeGreaterThan(100);
});

test('hot statements are prepared once, give the same rows, and survive a migration of their table', async () => {
  const { db, pool, drop } = await createTestDatabase();
  try {
    await sql`create table kept (a integer, b text)`.execute(db);
    await sql`insert into kept values (1, 'x')`.execute(db);
    const read = (a: number) => sql<Record<string, unknown>>`select * from kept where a = ${a}`.execute(db);
    for (let time = 0; time < OFTEN; time += 1) expect((await read(1)).rows).toEqual([{ a: 1, b: 'x' }]);
    const { rows } = await pool.query<{ count: number }>(`select count(*)::int as count from pg_prepared_statements where name like 'hot-%'`);
    expect(rows[0]?.count).toBe(1);
    await sql`alter table kept add column c integer default 7`.execute(db);
    const failure = await read(1).catch((error: unknown) => error);
    expect(isStalePlan(failure)).toBe(true);
    expect(failureKind(failure)).toBe('conflict');
    expect((await read(1)).rows).toEqual([{ a: 1, b: 'x', c: 7 }]);
  } finally {
    await drop();
  }
});
