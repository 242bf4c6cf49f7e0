import { mkdtemp, mkdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectDatabase } from './connect.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';

const isRoot = process.getuid?.() === 0;
const folders: string[] = [];
let closed: string;

beforeEach(async () => {
  // mkdtemp makes a folder that only its owner may enter, as a home folder often is.
  closed = await mkdtemp(path.join(os.tmpdir(), 'sallyport-closed-'));
  folders.push(closed);
});

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function start(dataDir: string, said: string[]) {
  const note = (message: string) => said.push(message);
  return startEmbeddedPostgres({ dataDir, log: { info: note, warn: note }, onCrash: note });
}

async function count(url: string, statement: string): Promise<number | null> {
  const connection = connectDatabase({ url, applicationName: 'test', onError: () => undefined });
  const { rowCount } = await connection.pool.query(statement);
  await connection.close();
  return rowCount;
}

test.runIf(isRoot)(
  'where the unprivileged user cannot reach the data folder, the database lives in the system folder, and stays there',
  { timeout: 90_000 },
  async () => {
    const dataDir = path.join(closed, 'data');
    await mkdir(dataDir);
    const said: string[] = [];
    const first = await start(dataDir, said);
    const home = /are in (\/var\/lib\/sallyport\/[0-9a-f]{12})\./.exec(said.join('\n'))?.[1];
    expect(home).toBeDefined();
    folders.push(home ?? closed);
    expect((await stat(`${home}/postgres`)).uid).not.toBe(0);
    await count(first.url, 'create table kept as select 1 as one');
    await first.stop();
    const second = await start(dataDir, said);
    expect(await count(second.url, 'select * from kept')).toBe(1);
    await second.stop();
  },
);

test.runIf(isRoot)('a data folder of our own is opened just enough to pass through', { timeout: 60_000 }, async () => {
  const server = await start(closed, []);
  await server.stop();
  const { mode, uid } = await stat(closed);
  expect([mode & 0o777, uid]).toEqual([0o711, 0]);
});
