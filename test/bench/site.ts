import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DAY, type Id, type Instant, MINUTE, newId, siteTime } from '@sallyport/basics';
import { defaultPolicy, type PublicJwk } from '@sallyport/contracts';
import { type DutySlot, slotAt, slotsBetween, slotTimes } from '@sallyport/domain';
import { lockedKeys } from '@sallyport/offline';
import { nodeClock, nodeRandom } from '@sallyport/offline/node';
import pg from 'pg';
import { freePort } from '../support/site.js';
import { cpuOfFamily } from './cpu.js';
import { type Running, start } from './processes.js';
import { type SiteCell, seedCells, seedSeats } from './people.js';

const SERVER = 'apps/server/dist/main.js';
const READY = '"ready"';
/** So long before its start a slot's window has just opened: the whole window lies ahead. */
const BEFORE_SLOT_MS = 9 * MINUTE;

export interface SiteOptions {
  /** Cells with two people and one terminal each. */
  readonly cells: number;
  /** Where the site's clock stands at the start, given the first slot at noon from now on. */
  readonly clockAt?: (slot: DutySlot) => Instant;
}

/** The product with everything on, on a made-up site: real server process, embedded PostgreSQL, its jobs running. */
export interface BenchSite {
  readonly port: number;
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly db: pg.Client;
  readonly cells: readonly SiteCell[];
  /** The private key of all terminals, as the offline package keeps it. */
  readonly key: unknown;
  readonly cellHost: string;
  /** The slot whose window is open, or opens next. */
  readonly slot: DutySlot;
  server(): Running;
  /** Processor time of the database so far, in milliseconds. */
  databaseCpu(): number;
  now(): Instant;
  /** Puts both people of these cells on duty. */
  seat(cells: readonly SiteCell[], slots: readonly DutySlot[]): Promise<void>;
  /** Starts a server on the same folder, after the one before has ended. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

function databaseOf(dataDir: string): { readonly url: string; readonly pid: number } {
  return JSON.parse(readFileSync(path.join(dataDir, 'postgres.json'), 'utf8')) as { url: string; pid: number };
}
const databaseUrlOf = (dataDir: string) => databaseOf(dataDir).url;

function pinKeyOf(dataDir: string): Buffer {
  const { pin } = JSON.parse(readFileSync(path.join(dataDir, 'keys/server-keys.json'), 'utf8')) as { pin: string };
  return Buffer.from(pin, 'base64url');
}

/** The next slot at noon: nothing but the night lies before it, and five slots of that night are over. */
function nextNoon(now: Instant): DutySlot {
  const slot = slotsBetween(now + BEFORE_SLOT_MS, now + 3 * DAY, defaultPolicy).find(({ key }) => key.endsWith('T12:00'));
  if (!slot) throw new Error('the default policy has no slot at noon any more');
  return slot;
}

/** The five slots of the night before a slot at noon. */
export function nightBefore(noon: DutySlot): DutySlot[] {
  const { date } = siteTime(noon.start - DAY, defaultPolicy.site.timeZone);
  return slotsBetween(noon.start - DAY, noon.start, defaultPolicy).filter((slot) => slot.date === date && slot.night);
}

export const opensAt = (slot: DutySlot): Instant => slotTimes(slot, defaultPolicy).opensAt;
export { slotAt };

async function launch(dataDir: string, port: number): Promise<Running> {
  const env = { PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'info' };
  return start({ program: SERVER, env, ready: READY });
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  // The database is stopped under it at every restart.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function prepare(dataDir: string, port: number, count: number, publicKey: PublicJwk, offset: number): Promise<SiteCell[]> {
  const server = await launch(dataDir, port);
  const db = await connected(databaseUrlOf(dataDir));
  const cells = await seedCells(db, count, { publicKey, pinKey: pinKeyOf(dataDir), now: Date.now() + offset });
  await db.query(`insert into site (key, value) values ('clock-offset-ms', $1)`, [JSON.stringify(offset)]);
  await db.end();
  await server.stop();
  return cells;
}

/** Makes a site. Its first start migrates and fills it, its second runs it with the clock of the slot. */
export async function makeSite({ cells: count, clockAt = ({ start: at }) => at - BEFORE_SLOT_MS }: SiteOptions): Promise<BenchSite> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sp-bench-'));
  const port = await freePort();
  const slot = nextNoon(Date.now());
  const offset = clockAt(slot) - Date.now();
  const { publicKey, kept } = await lockedKeys.create();
  const cells = await prepare(dataDir, port, count, publicKey, offset);
  let running = await launch(dataDir, port);
  let db = await connected(databaseUrlOf(dataDir));
  const now = () => Date.now() + offset;
  const roster = () => newId(nodeClock, nodeRandom) as Id;
  return {
    port,
    dataDir,
    databaseUrl: databaseUrlOf(dataDir),
    get db() {
      return db;
    },
    cells,
    key: kept,
    cellHost: `cell.localhost:${port}`,
    slot,
    server: () => running,
    databaseCpu: () => cpuOfFamily(databaseOf(dataDir).pid),
    now,
    seat: (some, slots) => seedSeats(db, some, slots, { roster, now: now() }),
    restart: async () => {
      await db.end().catch(() => undefined);
      running = await launch(dataDir, port);
      db = await connected(databaseUrlOf(dataDir));
    },
    stop: async () => {
      await db.end().catch(() => undefined);
      await running.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
