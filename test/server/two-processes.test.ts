import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Clock, MINUTE } from '@sallyport/basics';
import { CHANGE_EVENT } from '@sallyport/contracts';
import { sql } from 'kysely';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeToken } from '../../apps/server/src/features/device/tokens.js';
import { type Keys, loadKeys } from '../../apps/server/src/platform/crypto/index.js';
import { type Connection, connectDatabase } from '../../apps/server/src/platform/db/index.js';
import { startDurablePostgres } from '../support/durable-database.js';
import { insertTestDevice, sealedEnvelope, type TestDevice, testDevice } from '../support/door.js';
import { type ServerProcess, startProcess } from '../support/process.js';
import { freePort } from '../support/site.js';

const PATIENCE = 90_000;
const CELLS = Array.from({ length: 20 }, (_, index) => `01${String(index + 1).padStart(2, '0')}`);
const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

interface Site {
  readonly port: number;
  readonly server: ServerProcess;
}

let postgres: Awaited<ReturnType<typeof startDurablePostgres>>;
let database: Connection;
let folder: string;
let keys: Keys;
const begun: Site[] = [];
let a: Site;
let b: Site;
const walls: TestDevice[] = [];

async function begin(name: string): Promise<Site> {
  const port = await freePort();
  const server = startProcess({ PORT: String(port), DATA_DIR: path.join(folder, name), DATABASE_URL: postgres.url });
  begun.push({ port, server });
  expect(await server.until('"ready"')).toContain('"ready"');
  return { port, server };
}

/** Two servers of one site: one database, the same keys. */
beforeAll(async () => {
  postgres = await startDurablePostgres();
  database = connectDatabase({ url: postgres.url, applicationName: 'test', onError: () => undefined });
  folder = mkdtempSync(path.join(tmpdir(), 'sallyport-two-'));
  a = await begin('a');
  cpSync(path.join(folder, 'a/keys'), path.join(folder, 'b/keys'), { recursive: true });
  keys = await loadKeys(path.join(folder, 'a/keys'));
  b = await begin('b');
  for (const cell of CELLS) {
    await sql`insert into cell (number, capacity, sex, transition) values (${cell}, 10, 'male', false)`.execute(database.db);
    const wall = testDevice(clock, `cell:${cell}`);
    await insertTestDevice(database.db, wall, clock.now());
    walls.push(wall);
  }
}, PATIENCE);

afterAll(async () => {
  for (const { server } of begun) {
    server.child.kill('SIGTERM');
    expect(await server.ended()).toBe(0);
  }
  await database.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}, PATIENCE);

const tokenOf = (wall: TestDevice) => makeToken(keys, { device: wall.id, expiresAt: clock.now() + 10 * MINUTE, place: wall.place });

/** Calls for help at a server; gives the status of the answer. */
async function call(site: Site, wall: TestDevice): Promise<number> {
  const envelope = await sealedEnvelope(wall, keys.sealKey, clock, { kind: 'alert.call', body: {} });
  const text = JSON.stringify({ commands: [envelope] });
  const headers = { host: 'cell.localhost', 'content-type': 'application/json', authorization: `Device ${tokenOf(wall)}` };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: site.port, path: '/api/commands', method: 'POST', headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

async function figures(site: Site): Promise<string> {
  return (await fetch(`http://127.0.0.1:${site.port}/metrics`)).text();
}

/** How many runs of a kind a process counted as done. */
async function doneBy(site: Site, kind: string): Promise<number> {
  return Number(new RegExp(`sallyport_jobs_total\\{kind="${kind}",outcome="done"\\} (\\d+)`).exec(await figures(site))?.[1] ?? 0);
}

test('a hint crosses: a terminal connected to one server hears of a command that the other took', { timeout: PATIENCE }, async () => {
  const [wall] = walls as [TestDevice];
  const socket: Socket = io(`http://127.0.0.1:${a.port}`, {
    transports: ['websocket'],
    auth: { device: tokenOf(wall) },
    extraHeaders: { host: 'cell.localhost' },
  });
  try {
    const heard: unknown[] = [];
    socket.on(CHANGE_EVENT, (hint) => heard.push(hint));
    await new Promise((resolve, reject) => {
      socket.once('connect', () => resolve(undefined));
      socket.once('connect_error', reject);
    });
    expect(await call(b, wall)).toBe(200);
    await expect.poll(() => heard, { timeout: 10_000 }).toContainEqual(expect.objectContaining({ topic: 'alert', cell: CELLS[0] }));
  } finally {
    socket.close();
  }
});

test('a job runs once, whichever server comes first', { timeout: PATIENCE }, async () => {
  for (const [index, wall] of walls.entries()) expect(await call(index % 2 === 0 ? a : b, wall)).toBe(200);
  const due = await sql`update job set due_at = now() where kind = 'alert.escalate' and state = 'waiting'`.execute(database.db);
  expect(Number(due.numAffectedRows)).toBe(CELLS.length);
  const jobs = () => database.db.selectFrom('job').select(['key', 'attempts']).where('kind', '=', 'alert.escalate').where('state', '=', 'done').execute();
  await expect.poll(async () => (await jobs()).length, { timeout: 20_000 }).toBe(CELLS.length);
  expect((await jobs()).filter(({ attempts }) => attempts !== 1)).toEqual([]);
  const events = await database.db.selectFrom('alert_event').select('alert').where('what', '=', 'escalated').execute();
  expect(events.length).toBe(new Set(events.map(({ alert }) => alert)).size);
  expect((await doneBy(a, 'alert.escalate')) + (await doneBy(b, 'alert.escalate'))).toBe(CELLS.length);
});

test('hints have connections of their own: requests that wait for the database keep none of theirs', { timeout: PATIENCE }, async () => {
  const { rows } = await sql<{ name: string; count: number }>`
    select application_name as name, count(*)::int as count from pg_stat_activity where datname = current_database() and query ilike 'listen%' group by 1`.execute(
    database.db,
  );
  expect(rows).toEqual([{ name: 'sallyport-hints', count: 2 }]);
});
