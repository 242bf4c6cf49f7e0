import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFolder } from './folder-lock.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sallyport-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const file = () => path.join(folder, 'server.lock');

test('of many that start at once on a dead lock at most one gets the folder', async () => {
  for (let round = 0; round < 5; round += 1) {
    await writeFile(file(), JSON.stringify({ pid: 999_999_999, started: 'long ago', token: `old-${round}` }));
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    const won = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(won.length).toBeLessThanOrEqual(1);
    await Promise.all(won.map((lock) => lock.release()));
    await rm(file(), { force: true });
  }
});

test('an empty lock, left by a crash while it was written, is taken over', async () => {
  await writeFile(file(), '');
  const lock = await lockFolder(folder);
  expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ pid: process.pid });
  await lock.release();
});

test('a process number given to another program since is no holder', async () => {
  await writeFile(file(), JSON.stringify({ pid: process.pid, started: 'another boot', token: 'old' }));
  await (await lockFolder(folder)).release();
});
