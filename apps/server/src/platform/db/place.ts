import { createHash } from 'node:crypto';
import { chown, chmod, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Binaries, copyBinaries, restoreLinks } from './binaries.js';

/** PostgreSQL refuses to run as root; this account owns nothing else. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const SYSTEM_FOLDER = '/var/lib/sallyport';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Where the embedded database lives and who runs it. */
export interface Place {
  /** Holds the cluster and its socket; mode 0700, owned by `user`. */
  readonly folder: string;
  /** The account for the child; undefined where the server is not root and the child simply inherits. */
  readonly user: User | undefined;
  readonly binaries: Binaries;
  /** Sentences that the operator should read at start. */
  readonly notes: readonly string[];
}

/** Whether `user` may pass through every folder from the root down to `target`. */
export async function canReach(user: User, target: string): Promise<boolean> {
  for (let folder = target; ; folder = path.dirname(folder)) {
    const { uid, gid, mode } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

async function recordedFolder(dataDir: string): Promise<string | undefined> {
  const text = await readFile(path.join(dataDir, 'postgres.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { folder: string }).folder;
}

async function ownerOf(folder: string): Promise<User | undefined> {
  return stat(folder).then(
    ({ uid, gid }) => ({ uid, gid }),
    () => undefined,
  );
}

async function privateFolder(folder: string, user: User | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  if (user) await chown(folder, user.uid, user.gid);
}

async function placeForSelf(dataDir: string, binaries: Binaries): Promise<Place> {
  const folder = (await recordedFolder(dataDir)) ?? path.join(dataDir, 'postgres');
  const owner = await ownerOf(folder);
  if (owner && owner.uid !== process.getuid?.()) {
    throw new Error(`The database folder ${folder} belongs to user ${owner.uid}. Start the server as the user who created it, or as root.`);
  }
  await privateFolder(folder, undefined);
  const linked = await restoreLinks(binaries.home);
  return { folder, user: undefined, binaries: linked ? binaries : await copyBinaries(binaries, dataDir), notes: [] };
}

/** A data folder of our own that others may not even pass gets that one right; nothing in it becomes readable by it. */
async function openOwnFolder(dataDir: string): Promise<void> {
  const { uid, mode } = await stat(dataDir);
  if (uid === 0 && (mode & 0o001) === 0) await chmod(dataDir, (mode & 0o777) | 0o011);
}

async function placeForRoot(dataDir: string, binaries: Binaries): Promise<Place> {
  const recorded = await recordedFolder(dataDir);
  const owner = recorded ? await ownerOf(recorded) : undefined;
  const user = owner && owner.uid !== 0 ? owner : NOBODY;
  await openOwnFolder(dataDir);
  const reachable = (await restoreLinks(binaries.home)) && (await canReach(user, dataDir)) && (await canReach(user, binaries.bin));
  const beside = path.join(dataDir, 'postgres');
  if (reachable && (recorded ?? beside) === beside) {
    await privateFolder(beside, user);
    return { folder: beside, user, binaries, notes: [] };
  }
  const id = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const home = path.join(SYSTEM_FOLDER, id);
  await mkdir(home, { recursive: true, mode: 0o755 });
  const folder = recorded ?? path.join(home, 'postgres');
  await privateFolder(folder, user);
  const note = `The database runs as user ${user.uid}, who cannot reach ${dataDir} or the programs in node_modules. The database and its programs are in ${home}.`;
  return { folder, user, binaries: await copyBinaries(binaries, home), notes: [note] };
}

/**
 * Decides where the cluster of this data folder lives. A folder once chosen is kept (postgres.json), so that a change of rights never
 * starts a second, empty database.
 */
export async function choosePlace(dataDir: string, binaries: Binaries): Promise<Place> {
  const real = await realpath(dataDir);
  return process.getuid?.() === 0 ? placeForRoot(real, binaries) : placeForSelf(real, binaries);
}
