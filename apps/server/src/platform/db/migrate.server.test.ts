import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from './migrate.js';
import { type TestDatabase, createTestDatabase } from './testing.js';

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  folder = await mkdtemp(path.join(os.tmpdir(), 'migrations-'));
  await write('0001-first.sql', 'create table first (id int primary key);');
});

afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const write = (name: string, sql: string) => writeFile(path.join(folder, name), sql);

test('applies each file once, also when two processes start together', async () => {
  const both = await Promise.all([migrate(database.pool, folder), migrate(database.pool, folder)]);
  expect(both.flat()).toEqual(['0001-first.sql']);
  await write('0002-second.sql', 'create table second (id int primary key);');
  expect(await migrate(database.pool, folder)).toEqual(['0002-second.sql']);
});

test('refuses a changed file', async () => {
  await migrate(database.pool, folder);
  await write('0001-first.sql', 'create table first (id bigint primary key);');
  await expect(migrate(database.pool, folder)).rejects.toThrow('0001-first.sql was changed after it had been applied');
});

test('refuses a database that is ahead of this build', async () => {
  await write('0002-second.sql', 'select 1;');
  await migrate(database.pool, folder);
  await rm(path.join(folder, '0002-second.sql'));
  await expect(migrate(database.pool, folder)).rejects.toThrow('0002-second.sql, which this build does not know');
});

test('a failing file leaves nothing behind', async () => {
  await write('0002-second.sql', 'create table second (id int); select nonsense;');
  await expect(migrate(database.pool, folder)).rejects.toThrow('0002-second.sql failed');
  const { rows } = await database.pool.query(`select to_regclass('second') as found`);
  expect(rows).toEqual([{ found: null }]);
});

test('refuses two files with one number and a file that comes too late', async () => {
  await write('0003-third.sql', 'select 1;');
  await migrate(database.pool, folder);
  await write('0002-late.sql', 'select 1;');
  await expect(migrate(database.pool, folder)).rejects.toThrow('0002-late.sql comes before 0003-third.sql');
  await write('0003-twin.sql', 'select 1;');
  await expect(migrate(database.pool, folder)).rejects.toThrow('Two migrations have the number 0003');
});
