import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectDatabase } from './connect.js';
import { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import { postgresProcessesIn } from './processes.js';
import { checkDatabaseServer } from './server-check.js';

let dataDir: string;
let said: string[];
const running: EmbeddedPostgres[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'sallyport-embedded-'));
  await chmod(dataDir, 0o711);
  said = [];
});

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  await rm(dataDir, { recursive: true });
});

async function start(more: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  const note = (message: string) => said.push(message);
  const server = await startEmbeddedPostgres({ dataDir, log: { info: note, warn: note }, onCrash: note, ...more });
  running.push(server);
  return server;
}

async function query<Row>(server: EmbeddedPostgres, text: string): Promise<Row[]> {
  const connection = connectDatabase({ url: server.url, applicationName: 'test', onError: () => undefined });
  try {
    return (await connection.pool.query(text)).rows as Row[];
  } finally {
    await connection.close();
  }
}

/** What a killed server leaves: its lock with a number that lives no more, and the database still running. */
async function pretendKilled(): Promise<void> {
  const file = path.join(dataDir, 'server.lock');
  const holder = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify({ ...holder, started: 'an earlier boot' }));
}

test('runs privately: not as root, socket and files for its user only, fsync on', async () => {
  const server = await start();
  const folder = path.join(dataDir, 'postgres');
  const { mode, uid } = await stat(folder);
  expect(mode & 0o777).toBe(0o700);
  if (process.getuid?.() === 0) expect(uid).not.toBe(0);
  const rows = await query<{ name: string; setting: string }>(
    server,
    `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'listen_addresses')`,
  );
  expect(Object.fromEntries(rows.map((row) => [row.name, row.setting]))).toEqual({ fsync: 'on', full_page_writes: 'on', listen_addresses: '' });
});

test('refuses a second server on the same folder and names the first', async () => {
  await start();
  await expect(start()).rejects.toThrow(`in use by the server with process id ${process.pid}. Stop that one first`);
});

test('keeps everything over an orderly stop', async () => {
  const first = await start();
  await query(first, 'create table kept as select 7::bigint as number');
  await first.stop();
  running.splice(0);
  expect(await query(await start(), 'select * from kept')).toEqual([{ number: 7 }]);
});

test('stops the database that a killed server left running, and loses nothing', async () => {
  const first = await start();
  await query(first, 'create table kept as select 7::bigint as number');
  await pretendKilled();
  const second = await start();
  expect(said.some((line) => line.includes('an earlier server had left running'))).toBe(true);
  expect(postgresProcessesIn(path.join(dataDir, 'postgres/cluster'))).not.toContain(first.pid);
  expect(await query(second, 'select * from kept')).toEqual([{ number: 7 }]);
});

test('a database that dies under the server is started again, at the same address and with what was committed', async () => {
  const server = await start();
  const { pid } = server;
  await query(server, 'create table kept (number integer)');
  await query(server, 'insert into kept values (7)');
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => query(server, 'select * from kept').catch(() => null), { timeout: 20_000 }).toEqual([{ number: 7 }]);
  await expect.poll(() => server.pid).not.toBe(pid);
});

test.each(['fsync', 'full_page_writes'])('a database with %s off is refused', async (name) => {
  const server = await start({ settings: { [name]: 'off' } });
  const connection = connectDatabase({ url: server.url, applicationName: 'test', onError: () => undefined });
  await expect(checkDatabaseServer(connection.pool)).rejects.toThrow(`${name} = off, so a power cut could lose accepted commands. Set ${name} = on`);
  await connection.close();
});
