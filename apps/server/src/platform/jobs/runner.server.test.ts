import { type Clock, MINUTE, SECOND } from '@sallyport/basics';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../db/testing.js';
import { createLog } from '../log/index.js';
import { createMetrics } from '../metrics/index.js';
import { type Jobs, type SiteClock, cancelJobs, createJobs, createSiteClock, postponeJob, schedule, scheduleAll } from './index.js';

const START = 1_800_000_000_000;

let database: TestDatabase;
let time: number;
let clock: SiteClock;
const system: Clock = { now: () => time, monotonic: () => time };

beforeEach(async () => {
  time = START;
  database = await createTestDatabase();
  clock = await createSiteClock(database.db, system);
  await sql`create table ran (key text not null)`.execute(database.db);
});
afterEach(() => database.drop());

function runner(): Jobs {
  const jobs = createJobs({ db: database.db, clock, log: createLog('silent'), metrics: createMetrics() });
  jobs.handle('note', async (trx, job) => {
    await sql`insert into ran values (${job.key})`.execute(trx);
    if (String(job.payload) === 'slow') await sql`select pg_sleep(0.05)`.execute(trx);
  });
  return jobs;
}

const plan = (key: string, dueAt: number, payload: unknown = null) =>
  database.db.transaction().execute((trx) => schedule(trx, { kind: 'note', key, dueAt, payload }));

async function ran(): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`select key from ran order by key`.execute(database.db);
  return rows.map((row) => row.key);
}

test('a job runs when it is due and not before', async () => {
  const jobs = runner();
  await plan('a', START + MINUTE);
  expect(await jobs.runDue()).toBe(0);
  time += MINUTE;
  expect(await jobs.runDue()).toBe(1);
  expect(await jobs.runDue()).toBe(0);
  expect(await ran()).toEqual(['a']);
});

test('the same kind and key is the same job for ever', async () => {
  const jobs = runner();
  expect(await plan('a', START)).toBe(true);
  expect(await plan('a', START)).toBe(false);
  await jobs.runDue();
  expect(await plan('a', START)).toBe(false);
  expect(await jobs.runDue()).toBe(0);
});

test('a job of a transaction that rolls back never was', async () => {
  const failing = database.db.transaction().execute(async (trx) => {
    await schedule(trx, { kind: 'note', key: 'a', dueAt: START, payload: null });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await runner().runDue()).toBe(0);
});

test('two processes run each of many jobs exactly once', async () => {
  const keys = Array.from({ length: 60 }, (_, index) => `job-${String(index).padStart(2, '0')}`);
  await database.db.transaction().execute((trx) =>
    scheduleAll(
      trx,
      keys.map((key) => ({ kind: 'note', key, dueAt: START, payload: 'slow' })),
    ),
  );
  const counts = await Promise.all([runner().runDue(), runner().runDue(), runner().runDue()]);
  expect(counts.reduce((sum, count) => sum + count)).toBe(60);
  expect(await ran()).toEqual(keys);
});

test('a job whose process dies in the middle runs again, and its half work is gone', async () => {
  await plan('a', START);
  const dying = createJobs({ db: database.db, clock, log: createLog('silent'), metrics: createMetrics() });
  dying.handle('note', async (trx) => {
    await sql`insert into ran values ('half')`.execute(trx);
    await sql`select pg_terminate_backend(pg_backend_pid())`.execute(trx).catch(() => undefined);
    throw new Error('connection lost');
  });
  await dying.runDue().catch(() => undefined);
  expect(await ran()).toEqual([]);
  time += MINUTE;
  expect(await runner().runDue()).toBe(1);
  expect(await ran()).toEqual(['a']);
});

test('JOB1: a failing job pauses longer each time, leaves nothing behind, and keeps the moment it was wanted for', async () => {
  const jobs = createJobs({ db: database.db, clock, log: createLog('silent'), metrics: createMetrics() });
  const wanted: number[] = [];
  jobs.handle('note', async (trx, job) => {
    wanted.push(job.dueAt);
    await sql`insert into ran values ('half')`.execute(trx);
    throw new Error('cannot');
  });
  await plan('a', START);
  await jobs.runDue();
  expect(wanted).toHaveLength(1);
  time += 5 * SECOND;
  await jobs.runDue();
  time += 14 * SECOND;
  await jobs.runDue();
  expect(wanted).toEqual([START, START]);
  expect(await ran()).toEqual([]);
  const row = await database.db.selectFrom('job').select(['state', 'last_error', 'attempts', 'due_at']).executeTakeFirstOrThrow();
  expect(row).toEqual({ state: 'waiting', last_error: 'Error: cannot', attempts: 2, due_at: START });
});

test('JOB2: transactions that got in each other’s way are tried again at once, a few times', async () => {
  const jobs = createJobs({ db: database.db, clock, log: createLog('silent'), metrics: createMetrics() });
  let left = 2;
  jobs.handle('note', async (trx, job) => {
    left -= 1;
    if (left >= 0) throw Object.assign(new Error('could not serialize access'), { code: '40001' });
    await sql`insert into ran values (${job.key})`.execute(trx);
  });
  await plan('a', START);
  await jobs.runDue();
  expect(await ran()).toEqual(['a']);
  left = 5;
  await plan('b', START);
  await jobs.runDue();
  expect(await database.db.selectFrom('job').select('attempts').where('key', '=', 'b').executeTakeFirst()).toEqual({ attempts: 1 });
});

test('JOB3: a job that stays failing is told each time from the eighth try on, and is done when it can be', async () => {
  const told: string[] = [];
  let broken = true;
  const onStuck = async (_trx: unknown, { key }: { key: string }) => void told.push(key);
  const jobs = createJobs({ db: database.db, clock, log: createLog('silent'), metrics: createMetrics(), onStuck });
  let tries = 0;
  jobs.handle('note', async (trx, job) => {
    tries += 1;
    if (broken) throw new Error('cannot');
    await sql`insert into ran values (${job.key})`.execute(trx);
  });
  await plan('a', START);
  for (let step = 0; step < 10; step += 1) {
    await jobs.runDue();
    time += 10 * MINUTE;
  }
  expect([tries, told]).toEqual([10, ['a', 'a', 'a']]);
  broken = false;
  await jobs.runDue();
  expect(await ran()).toEqual(['a']);
});

test('waiting jobs can be taken back or given another time', async () => {
  const jobs = runner();
  await plan('a', START);
  await plan('b', START);
  await database.db.transaction().execute(async (trx) => {
    expect(await cancelJobs(trx, 'note', ['a', 'gone'])).toBe(1);
    expect(await postponeJob(trx, 'note', 'b', START + MINUTE)).toBe(true);
    expect(await postponeJob(trx, 'note', 'a', START + MINUTE)).toBe(false);
  });
  expect(await jobs.runDue()).toBe(0);
});

test('a started runner wakes by itself, and a woken one at once', async () => {
  const jobs = runner();
  jobs.start();
  await plan('a', START);
  await expect.poll(ran, { timeout: 5_000 }).toEqual(['a']);
  await plan('b', START + MINUTE);
  await clock.moveTo(START + MINUTE);
  jobs.wake();
  await expect.poll(ran, { timeout: 5_000 }).toEqual(['a', 'b']);
  await jobs.stop();
});

test('the moved clock survives a restart and never goes backwards', async () => {
  expect(await clock.moveTo(START + MINUTE)).toBe(START + MINUTE);
  expect(await clock.moveTo(START - MINUTE)).toBe(START + MINUTE);
  const again = await createSiteClock(database.db, system);
  expect(again.now()).toBe(START + MINUTE);
});
