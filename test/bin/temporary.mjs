// One folder for everything temporary of a run, the browsers' included: it goes with the run, however the run ends.
import { accessSync, chmodSync, constants, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PREFIX = 'sp-run-';
/** Temporary files in memory: the databases of a run write hundreds of files each and outlive none of it. */
const MEMORY = '/dev/shm';
/** What a run needs at most there, with room to spare: a container often gives it 64 MB. */
const NEEDED_BYTES = 4 * 2 ** 30;
/** As /tmp itself: the database and the package manager work there as users of their own. */
const OPEN_TO_ALL = 0o1777;

function remove(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  } catch (error) {
    console.error(`Something of the run is left in ${folder}: ${error.message}`);
  }
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** What runs left behind that were killed outright. */
function sweep(parent) {
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : 0;
    if (pid > 0 && !lives(pid)) remove(path.join(parent, name));
  }
}

/** Where the folder of a run is made: the place that was asked for, else memory where there is enough of it. */
function parentFolder() {
  if (process.env.TMPDIR) return process.env.TMPDIR;
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize >= NEEDED_BYTES) return MEMORY;
  } catch {
    // Not every system has such a folder.
  }
  return os.tmpdir();
}

/** Puts the temporary files of this process and its children into a folder that ends with it. A run within a run shares the outer one's. */
export function ownTemporaryFolder() {
  const parent = parentFolder();
  if (path.basename(parent).startsWith(PREFIX)) return;
  sweep(parent);
  const folder = mkdtempSync(path.join(parent, `${PREFIX}${process.pid}-`));
  chmodSync(folder, OPEN_TO_ALL);
  process.env.TMPDIR = folder;
  process.once('exit', () => remove(folder));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
}
