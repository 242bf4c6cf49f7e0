import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.js';
import { appendChanges, changesSince, currentCursor, pruneChanges } from './changes.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 20 });
});
afterAll(() => database.drop());

const NOW = Date.UTC(2026, 10, 22);
const cellOf = (n: number) => String(n).padStart(4, '0');

test('a change that commits late is never skipped by a cursor that was read before', async () => {
  const { db } = database;
  const seen = new Set<string>();
  let cursor = await currentCursor(db);
  let writing = true;
  const reader = (async () => {
    for (let last = false; ; ) {
      last = !writing;
      const answer = await changesSince(db, cursor);
      expect(answer.reset).toBe(false);
      expect(BigInt(answer.cursor) >= BigInt(cursor)).toBe(true);
      cursor = answer.cursor;
      for (const change of answer.changes) seen.add(change.cell ?? '');
      if (last) return;
    }
  })();
  // Transactions take their number early and commit in another order.
  const write = (n: number) =>
    db.transaction().execute(async (trx) => {
      await sql`select pg_current_xact_id()`.execute(trx);
      await sql`select pg_sleep(${((n * 7) % 11) / 200})`.execute(trx);
      await appendChanges(trx, NOW, [{ topic: 'duty', cell: cellOf(n) }]);
      await sql`select pg_sleep(${((n * 5) % 13) / 200})`.execute(trx);
    });
  for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: 12 }, (_, index) => write(round * 12 + index)));
  writing = false;
  await reader;
  expect([...seen].sort()).toEqual(Array.from({ length: 120 }, (_, n) => cellOf(n)));
});

test('the hint of a transaction leads to it, and to all that were open beside it', async () => {
  const { db } = database;
  const other = await database.pool.connect();
  await other.query('begin');
  await other.query("insert into change_event (topic, at, cell) values ('alert', now(), '0301')");
  const cursor = await db.transaction().execute((trx) => appendChanges(trx, NOW, [{ topic: 'duty', cell: '0302' }]));
  expect((await changesSince(db, cursor)).changes).toEqual([{ topic: 'duty', cell: '0302' }]);
  await other.query('commit');
  other.release();
  expect((await changesSince(db, cursor)).changes).toEqual(expect.arrayContaining([{ topic: 'alert', cell: '0301' }]));
});

test('topics, cells and blocks narrow the answer; what has no cell is everybody’s', async () => {
  const { db } = database;
  const since = await currentCursor(db);
  await db.transaction().execute((trx) =>
    appendChanges(trx, NOW, [
      { topic: 'duty', cell: '0101' },
      { topic: 'duty', cell: '0202' },
      { topic: 'policy', cell: null },
      { topic: 'audit', cell: null },
    ]),
  );
  const answer = async (filter: Parameters<typeof changesSince>[2]) =>
    (await changesSince(db, since, filter)).changes.map(({ topic, cell }) => `${topic} ${cell}`);
  expect(await answer({ topics: ['duty', 'policy'], cells: ['0101'] })).toEqual(['duty 0101', 'policy null']);
  expect(await answer({ blocks: ['02'] })).toEqual(['duty 0202', 'policy null', 'audit null']);
});

test('a cursor that is missing, unreadable, of the future or pruned reads everything anew', async () => {
  const { db } = database;
  const old = await currentCursor(db);
  for (const since of [undefined, 'nonsense', '999999999999999999']) expect(await changesSince(db, since)).toMatchObject({ reset: true, changes: [] });
  await db.transaction().execute((trx) => appendChanges(trx, NOW, [{ topic: 'duty', cell: '0101' }]));
  await db.transaction().execute((trx) => pruneChanges(trx, NOW + 1));
  expect(await changesSince(db, old)).toMatchObject({ reset: true });
  expect(await changesSince(db, await currentCursor(db))).toMatchObject({ reset: false, changes: [] });
});
