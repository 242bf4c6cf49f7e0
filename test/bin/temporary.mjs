// One folder for everything temporary of a run, the browsers' included: it goes with the run, however the run ends.
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PREFIX = 'sp-run-';
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

/** Puts the temporary files of this process and its children into a folder that ends with it. A run within a run shares the outer one's. */
export function ownTemporaryFolder() {
  const parent = os.tmpdir();
  if (path.basename(parent).startsWith(PREFIX)) return;
  sweep(parent);
  const folder = mkdtempSync(path.join(parent, `${PREFIX}${process.pid}-`));
  chmodSync(folder, OPEN_TO_ALL);
  process.env.TMPDIR = folder;
  process.once('exit', () => remove(folder));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
}
