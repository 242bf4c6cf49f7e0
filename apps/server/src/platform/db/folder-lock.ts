import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isSame } from './processes.js';

/** Thrown when another living server works on the same data folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

export interface FolderLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly started: string;
  readonly token: string;
}

/** Long enough for a rival that took the same stale lock to have shown itself. */
const SETTLE_MS = 60;
const TRIES = 5;

async function readHolder(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Holder;
  } catch {
    // A crash between creating and filling the file leaves it empty; nobody holds such a lock.
    return { pid: 0, started: '', token: '' };
  }
}

function inUse(folder: string, pid: number): FolderInUseError {
  return new FolderInUseError(
    `The data folder ${folder} is in use by the server with process id ${pid}. Stop that one first (kill ${pid}), or start this one with another DATA_DIR and PORT.`,
  );
}

async function create(file: string, holder: Holder): Promise<boolean> {
  return writeFile(file, JSON.stringify(holder), { flag: 'wx', mode: 0o600 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

/** Moves a dead server's lock aside. A rival may have replaced it just now: then its lock is put back. */
async function clearStale(file: string, stale: Holder): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  await rename(file, aside).catch(() => undefined);
  const moved = await readHolder(aside);
  if (moved && moved.token !== stale.token) await create(file, moved);
  await rm(aside, { force: true });
}

/**
 * Takes the data folder for this process. A lock whose process is gone, even with its number given to another one, is taken over.
 * @throws FolderInUseError naming the process that holds it and what to do.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = path.join(folder, 'server.lock');
  const own = identify(process.pid);
  const holder: Holder = { pid: process.pid, started: own?.started ?? '', token: randomUUID() };
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await create(file, holder)) {
      await sleep(SETTLE_MS);
      const now = await readHolder(file);
      if (now?.token === holder.token) return { release: () => rm(file, { force: true }) };
      throw inUse(folder, now?.pid ?? 0);
    }
    const other = await readHolder(file);
    if (other && isSame(other)) throw inUse(folder, other.pid);
    if (other) await clearStale(file, other);
  }
  throw new FolderInUseError(`The lock file ${file} changes all the time: several servers start on the same data folder. Start only one.`);
}
