import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Binaries, findBinaries } from './binaries.js';
import { lockFolder } from './folder-lock.js';
import { type Place, type User, choosePlace } from './place.js';
import { stopOrphans } from './processes.js';
import { supervise } from './supervise.js';

const SUPERUSER = 'sallyport';
const PORT = 5432;
/** The kernel's limit for the path of a Unix socket is 104 bytes on the strictest system; the file name itself takes 15. */
const LONGEST_SOCKET_FOLDER = 85;
const START_PATIENCE_MS = 60_000;
const STOP_PATIENCE_MS = 30_000;
const POLL_MS = 20;

const SETTINGS = {
  listen_addresses: '',
  port: String(PORT),
  unix_socket_permissions: '0700',
  max_connections: '60',
  shared_buffers: '128MB',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
  // Statements and rows hold personal data; neither belongs in a log.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  idle_in_transaction_session_timeout: '60s',
} as const;

/** What the database tells the operator. */
export interface DatabaseLog {
  info(message: string): void;
  warn(message: string): void;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: DatabaseLog;
  /** Other programs than those of the npm package; the tests run a second engine so. */
  readonly binaries?: Binaries;
  /** Settings laid over the house's own, for tests of what the server refuses. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The child ended again and again although nobody stopped it. The server cannot go on. */
  readonly onCrash: (message: string) => void;
}

export interface EmbeddedPostgres {
  /** Of the site's database. */
  readonly url: string;
  readonly pid: number;
  /** Orderly stop; gives the folder free. */
  stop(): Promise<void>;
}

function relay(child: ChildProcess, log: DatabaseLog): void {
  if (!child.stderr) return;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (/\b(WARNING|ERROR|FATAL|PANIC):/.test(line)) log.warn(`postgresql: ${line}`);
  });
}

async function initialise(place: Place, cluster: string): Promise<void> {
  const half = `${cluster}.new`;
  await rm(half, { recursive: true, force: true });
  const args = ['-D', half, '-A', 'trust', '-U', SUPERUSER, '-E', 'UTF8', '--no-locale', '--data-checksums'];
  const child = spawn(path.join(place.binaries.bin, 'initdb'), args, { ...place.user, cwd: place.folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`PostgreSQL could not create its files in ${place.folder}: ${said.trim()}`);
  // Renamed when whole, so that a start killed half way is simply done again.
  await rename(half, cluster);
}

async function checkMajorVersion(place: Place, cluster: string): Promise<void> {
  const written = (await readFile(path.join(cluster, 'PG_VERSION'), 'utf8')).trim();
  const ours = place.binaries.version.split('.')[0];
  if (written !== ours) {
    throw new Error(
      `The files in ${cluster} are of PostgreSQL ${written}, this build brings ${ours}. Dump them with the old build and restore them with this one.`,
    );
  }
}

async function pidFile(cluster: string): Promise<string[]> {
  return (await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n').map((line) => line.trim());
}

/** Ends what a killed server left behind; its pid file goes only when no process of the cluster is alive. */
async function clearRemains(cluster: string, log: DatabaseLog): Promise<void> {
  const [first] = await pidFile(cluster);
  if (!first) return;
  const count = await stopOrphans(cluster, Number(first));
  if (count > 0) log.warn(`stopped ${count} database processes that an earlier server had left running`);
  await rm(path.join(cluster, 'postmaster.pid'), { force: true });
}

async function socketFolder(folder: string, user: User | undefined): Promise<string> {
  const near = path.join(folder, 'socket');
  if (Buffer.byteLength(near) <= LONGEST_SOCKET_FOLDER) {
    await rm(near, { recursive: true, force: true });
    await mkdir(near, { mode: 0o700 });
    if (user) await chown(near, user.uid, user.gid);
    return near;
  }
  const far = await mkdtemp('/tmp/sallyport-');
  if (user) await chown(far, user.uid, user.gid);
  return far;
}

async function untilReady(cluster: string, ended: () => string | undefined): Promise<void> {
  for (let waited = 0; waited < START_PATIENCE_MS; waited += POLL_MS) {
    const failure = ended();
    if (failure) throw new Error(failure);
    if ((await pidFile(cluster))[7] === 'ready') return;
    await sleep(POLL_MS);
  }
  throw new Error(`PostgreSQL was not ready within ${START_PATIENCE_MS / 1000} s. Its last words are in the log above.`);
}

/** The address of a database reached through the socket in `folder`. */
export function socketUrl(folder: string, database: string): string {
  return `postgresql://${SUPERUSER}@localhost:${PORT}/${database}?host=${encodeURIComponent(folder)}`;
}

async function ensureDatabase(socket: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: socketUrl(socket, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

function launch(place: Place, cluster: string, socket: string, settings: Readonly<Record<string, string>>): ChildProcess {
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A process group of its own: Ctrl-C in the terminal is the server's to handle, which stops the database last.
  return spawn(path.join(place.binaries.bin, 'postgres'), ['-D', cluster, '-k', socket, ...args], {
    ...place.user,
    cwd: place.folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** Follows the child: tells a crash from a wanted stop. */
class Child {
  readonly exited: Promise<void>;
  private wanted = false;
  private message: string | undefined;

  constructor(
    readonly process: ChildProcess,
    onCrash: (message: string) => void,
  ) {
    this.exited = new Promise((resolve) => {
      const end = (message: string) => {
        if (this.message !== undefined) return;
        this.message = message;
        resolve();
        if (!this.wanted) onCrash(message);
      };
      process.once('error', (error) => end(`The database could not be started: ${error.message}`));
      process.once('exit', (code, signal) => end(`The database ended by itself (${signal ?? `code ${code}`}).`));
    });
  }

  readonly ended = (): string | undefined => this.message;

  async stop(): Promise<void> {
    this.wanted = true;
    if (this.message !== undefined) return;
    this.process.kill('SIGINT');
    const timer = setTimeout(() => this.process.kill('SIGQUIT'), STOP_PATIENCE_MS);
    await this.exited;
    clearTimeout(timer);
  }
}

async function run(place: Place, options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const cluster = path.join(place.folder, 'cluster');
  if (existsSync(cluster)) {
    await checkMajorVersion(place, cluster);
    await clearRemains(cluster, options.log);
  } else {
    options.log.info(`creating the database in ${place.folder}`);
    await initialise(place, cluster);
  }
  const socket = await socketFolder(place.folder, place.user);
  const url = socketUrl(socket, 'sallyport');
  const start = async (onCrash: (message: string) => void): Promise<Child> => {
    const child = new Child(launch(place, cluster, socket, { ...SETTINGS, ...options.settings }), onCrash);
    relay(child.process, options.log);
    try {
      await untilReady(cluster, child.ended);
      await ensureDatabase(socket, 'sallyport');
    } catch (error) {
      await child.stop();
      throw error;
    }
    const pid = child.process.pid ?? 0;
    await writeFile(path.join(options.dataDir, 'postgres.json'), JSON.stringify({ folder: place.folder, url, pid }), { mode: 0o600 });
    return child;
  };
  const clear = () => clearRemains(cluster, options.log);
  const child = await supervise({ start, clear, log: options.log, onGivenUp: options.onCrash });
  return {
    url,
    get pid() {
      return child.pid();
    },
    stop: async () => {
      await child.stop();
      if (!socket.startsWith(place.folder)) await rm(socket, { recursive: true, force: true });
    },
  };
}

/**
 * Starts the private PostgreSQL of a data folder: a child on a Unix socket, never as root, with fsync on. What an earlier, killed server
 * left running is stopped first.
 * @throws FolderInUseError when a living server works on the same folder.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = path.resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  const lock = await lockFolder(dataDir);
  try {
    const place = await choosePlace(dataDir, options.binaries ?? (await findBinaries()));
    for (const note of place.notes) options.log.warn(note);
    const running = await run(place, { ...options, dataDir });
    return {
      url: running.url,
      get pid() {
        return running.pid;
      },
      stop: async () => {
        await running.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
