import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MINUTE, type Random } from '@sallyport/basics';
import { defaultPolicy, demoEnrolmentPath, demoSignInPath, linkPath, type PolicyDocument, policyDocument } from '@sallyport/contracts';
import { slotsBetween } from '@sallyport/domain';
import { fileKeys, type Ports, seal, Terminal } from '@sallyport/offline';
import { type App, buildApp, type Config, connectDatabase, createLog, createMetrics, migrate, readConfig, startEmbeddedPostgres } from '@sallyport/server';
import pg from 'pg';
import { seedPin } from '../../apps/server/src/features/demo/index.js';
import { ensureFirstPolicy } from '../../apps/server/src/features/policy/index.js';
import { loadKeys } from '../../apps/server/src/platform/crypto/index.js';
import { Chance } from './chance.js';
import { Disk, type DiskContent } from './disk.js';

/** Where every run begins: in the window of the first slot, three minutes before its start. */
export const START = Date.parse('2026-11-22T14:02:00.000Z');
export const FIRST_SLOT = START + 3 * MINUTE;
export const SITE = 'district';
/** Half a minute after the last moment that counts as on time, so that some proofs come late. */
export const FAULTS_END = START + 6.5 * MINUTE;
/** The house was furnished before the slot that ends at the first change-over, so that somebody is on duty then. */
const FURNISHED = FIRST_SLOT - 65 * MINUTE;
const OUTGOING_SLOT = FIRST_SLOT - 60 * MINUTE;
/** Who decides in the house; each holds the rights for every block. */
const ROLES = ['control-room', 'leadership'] as const;
const TERMINALS = 24;
const TEMPLATE = 'sim_template';

/** Somebody who is on duty in a slot of a cell. */
export interface OnDuty {
  readonly person: string;
  readonly number: string;
  readonly bed: number;
  readonly pin: string;
}

/** An enrolled terminal with its cell's people on duty, by slot. */
export interface Installed {
  readonly deviceId: string;
  readonly cell: string;
  readonly disk: DiskContent;
  readonly slots: readonly { readonly slot: string; readonly people: readonly OnDuty[] }[];
  /** The slot that ends at the first change-over, and who has signed in for it. */
  readonly outgoing: { readonly slot: string; readonly people: readonly OnDuty[] };
}

/** Somebody who is signed in at a console. */
export interface Officer {
  readonly id: string;
  readonly role: string;
  readonly cookie: string;
}

/** What each run of a seed is copied from. Plain JSON, so that it travels to the processes that run the seeds. */
export interface Template {
  readonly postgresUrl: string;
  readonly database: string;
  readonly dataDir: string;
  readonly terminals: readonly Installed[];
  readonly officers: readonly Officer[];
  readonly slots: readonly { readonly slot: string; readonly start: number }[];
}

/** Slots of an hour and prompts every ten minutes, so that a short run sees a change-over and prompts. */
const policy: PolicyDocument = policyDocument.parse({
  ...defaultPolicy,
  site: { name: '模拟看守所', timeZone: 'Asia/Shanghai' },
  session: { ...defaultPolicy.session, idleLockMinutes: 15, stepUpMinutes: 15 },
  duty: {
    ...defaultPolicy.duty,
    shiftMinutes: 60,
    windows: [{ start: '22:05', end: '22:05' }],
    presence: { everyMinutes: 10, jitterMinutes: 5, marginMinutes: 0, responseSeconds: 60 },
    fairness: { ...defaultPolicy.duty.fairness, pairLimit: 14 },
  },
});

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}

export async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(url, 'postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export function simConfig(dataDir: string): Config {
  return readConfig({ DEMO: '1', SITE, DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
}

/** Nothing of the processes but the database can be lost in a simulation, so the database need not wait for the disk. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200', autovacuum: 'off' };

/** One PostgreSQL for the whole run. */
async function startPostgres(dataDir: string) {
  await chmod(dataDir, 0o711);
  return startEmbeddedPostgres({
    dataDir,
    log: { info: () => undefined, warn: () => undefined },
    onCrash: (message) => {
      throw new Error(message);
    },
    settings: FAST,
  });
}

/** Ports of a terminal whose line always works. */
function enrolmentPorts(app: App, host: string, disk: Disk, random: Random): Ports {
  const on = () => true;
  return {
    clock: { now: () => START, monotonic: () => 0 },
    random,
    net: async ({ method, path: url, headers, body }) => {
      const answer = await app.http.inject({ method, url, headers: { ...headers, host }, ...(body !== undefined && { payload: body }) });
      return { status: answer.statusCode, body: answer.body, retryAfter: null };
    },
    timers: { after: () => () => undefined },
    store: disk.store(on),
    witness: disk.witness(on),
    keys: fileKeys,
    seal,
    leader: { lead: () => () => undefined, ring: () => undefined, onRing: () => () => undefined },
    hints: { open: () => () => undefined },
    storageHealth: () => Promise.resolve({ persisted: true, freeBytes: 1e9 }),
  };
}

async function enrol(app: App, config: Config, cell: string, random: Random): Promise<{ deviceId: string; disk: Disk }> {
  const { host } = new URL(config.origins.console);
  const made = await app.http.inject({ method: 'POST', url: demoEnrolmentPath, headers: { host }, payload: { place: `cell:${cell}` } });
  const disk = new Disk();
  const ports = enrolmentPorts(app, new URL(config.origins.cell).host, disk, random);
  const terminal = await Terminal.open(ports, { build: 'sim', urgent: [], screen: 'cell', userAgent: 'sim' });
  const enrolled = await terminal.enrol(made.json<{ code: string }>().code);
  if (!enrolled.ok) throw new Error(`the terminal of ${cell} could not be enrolled: ${enrolled.error}`);
  return { deviceId: enrolled.value.deviceId, disk };
}

type Seat = { slot: string; cell: string; person: string; number: string; bed: number };

async function signIn(app: App, config: Config, role: (typeof ROLES)[number]): Promise<Officer> {
  const { host } = new URL(config.origins.console);
  const headers = { host, origin: config.origins.console };
  const made = await app.http.inject({ method: 'POST', url: demoSignInPath, headers, payload: { role } });
  const token = made.json<{ signInUrl: string }>().signInUrl.split('#')[1];
  const used = await app.http.inject({ method: 'POST', url: linkPath, headers, payload: { token } });
  const [cookie = ''] = String(used.headers['set-cookie']).split(';');
  return { id: used.json<{ officer: { id: string } }>().officer.id, role, cookie };
}

/** Everybody of the slot that runs has signed in, and nothing of the hour before is left to do. */
async function letTheSlotRun(pool: pg.Pool, outgoing: string): Promise<void> {
  const start = new Date(OUTGOING_SLOT);
  await pool.query(
    `insert into duty_sign_in (id, cell, slot, seat, person, bed, state, late, signed_at, claimed_at, corrected_at, received_at, proof, device)
     select uuidv7(), s.cell, s.slot, s.seat, s.person, p.bed, 'on-time', false, $2, $2, $2, $2, 'pin', uuidv7()
     from duty_seat s join person p on p.id = s.person where s.slot = $1 and p.bed is not null`,
    [outgoing, start],
  );
  await pool.query("update job set state = 'done', finished_at = due_at where state = 'waiting' and due_at <= $1", [new Date(FIRST_SLOT - 20 * MINUTE)]);
  // Each cell is asked once in the minutes before the change-over, one after the other.
  const asked = `
    insert into duty_presence (id, cell, slot, ask_at, answer_by)
    select uuidv7(), cell, $1, at, at + interval '60 s'
    from (select cell, $2::timestamptz + (row_number() over (order by cell) * 29 % 150) * interval '1 s' as at from (select distinct cell from duty_seat where slot = $1) c) p
    returning ask_at`;
  const { rows } = await pool.query<{ ask_at: number }>(asked, [outgoing, new Date(START + 0.5 * MINUTE)]);
  const first = Math.min(...rows.map(({ ask_at }) => Number(ask_at)));
  const job = "insert into job (kind, key, due_at, payload) values ('duty.presence', $1, $2, $3)";
  await pool.query(job, [`${outgoing}:${first}`, new Date(first), { slot: outgoing }]);
}

async function installed(app: App, config: Config, pool: pg.Pool): Promise<Pick<Template, 'terminals' | 'slots' | 'officers'>> {
  const slots = slotsBetween(OUTGOING_SLOT, FIRST_SLOT + 90 * MINUTE, policy).map(({ key, start }) => ({ slot: key, start }));
  const [outgoing, ...coming] = slots;
  if (!outgoing) throw new Error('no slot runs at the change-over');
  const { rows } = await pool.query<Seat>(
    'select s.slot, s.cell, s.person, p.number, p.bed from duty_seat s join person p on p.id = s.person where s.slot = any($1) order by s.cell, s.slot, s.seat',
    [slots.map(({ slot }) => slot)],
  );
  const cells = [...new Set(rows.map(({ cell }) => cell))].slice(0, TERMINALS);
  const random = new Chance('enrolment').random();
  const terminals: Installed[] = [];
  for (const cell of cells) {
    const { deviceId, disk } = await enrol(app, config, cell, random);
    const peopleOf = (slot: string) => rows.filter((row) => row.cell === cell && row.slot === slot);
    const people = (slot: string) => peopleOf(slot).map(({ person, number, bed }) => ({ person, number, bed, pin: seedPin(SITE, number) }));
    const partOf = ({ slot }: { slot: string }) => ({ slot, people: people(slot) });
    terminals.push({ deviceId, cell, disk: disk.image(), slots: coming.map(partOf), outgoing: partOf(outgoing) });
  }
  // The officer's comparison of the check value has its own tests; here the terminals only have to be there.
  await pool.query("update device set state = 'active', confirmed_by = id, confirmed_at = enrolled_at");
  await pool.query("update job set state = 'done', finished_at = due_at where kind like 'work%' and state = 'waiting'");
  await letTheSlotRun(pool, outgoing.slot);
  const officers: Officer[] = [];
  for (const role of ROLES) officers.push(await signIn(app, config, role));
  return { terminals, slots: coming, officers };
}

/** Makes the database of a district with its rosters and enrolled terminals. `end` removes everything. */
export async function makeTemplate(): Promise<{ template: Template; end(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sallyport-sim-'));
  const postgres = await startPostgres(folder);
  await administer(postgres.url, `create database ${TEMPLATE}`);
  const dataDir = path.join(folder, 'site');
  const config = simConfig(dataDir);
  const keys = await loadKeys(path.join(dataDir, 'keys'));
  let now = FURNISHED;
  const clock = { now: () => now, monotonic: () => now - FURNISHED, moveTo: () => Promise.resolve(START), refresh: () => Promise.resolve() };
  const random = new Chance('template').random();
  const { db, pool, close } = connectDatabase({
    url: withDatabase(postgres.url, TEMPLATE),
    applicationName: TEMPLATE,
    onError: () => undefined,
  });
  await migrate(pool);
  await ensureFirstPolicy(db, { id: '019ab000-0000-7000-8000-000000000001', now, document: policy, reason: 'simulation' });
  const app = await buildApp({ config, db, pool, clock, random, log: createLog('silent'), metrics: createMetrics(), keys, apps: folder });
  await app.http.ready();
  now = START;
  const made = await installed(app, config, pool);
  await app.stop();
  await close();
  return {
    template: { postgresUrl: postgres.url, database: TEMPLATE, dataDir, ...made },
    end: async () => {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
