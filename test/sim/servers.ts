import { setTimeout as sleep } from 'node:timers/promises';
import { type App, buildApp, type Config, createLog, createMetrics } from '@sallyport/server';
import type { Keys } from '../../apps/server/src/platform/crypto/index.js';
import type { Chance } from './chance.js';
import type { Faults } from './faults.js';
import { connectThrough, type Fate, type Power, type Statement, type Verdict } from './power.js';
import type { VirtualTime } from './virtual-time.js';
import { Watcher } from './watcher.js';
import type { Work } from './work.js';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | null;
}
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface World {
  readonly time: VirtualTime;
  readonly work: Work;
  readonly chance: Chance;
  readonly faults: Faults;
  /** False in the last phase, when every fault has ended. */
  faulty(): boolean;
  readonly databaseUrl: string;
  readonly config: Config;
  readonly keys: Keys;
}

/** What is to happen at a statement to come. */
interface Trap {
  readonly name: string;
  readonly matches: (statement: Statement) => boolean;
  left: number;
  readonly fate: Exclude<Fate, 'go' | 'fail'>;
  readonly kills: boolean;
  readonly holdMs: number;
}

interface Process {
  readonly app: App;
  readonly power: Power;
  readonly died: Promise<'died'>;
  die(): void;
  dead: boolean;
}

const JOBS_EVERY = 5_000;
const LOG_EVERY = 5_000;
const GONE = 'no server answers';

const POINTS: Readonly<Record<string, Trap['matches']>> = {
  'any statement': () => true,
  'a commit': ({ text }) => /^commit/i.test(text),
  'the commit of commands': ({ text, answersCommands }) => answersCommands && /^commit/i.test(text),
  'the outcomes': ({ text }) => /\binsert into command /i.test(text),
  'the audit record': ({ text }) => /\binsert into audit_record/i.test(text),
  'the leaf': ({ text }) => /^\s*insert into audit_leaf/i.test(text),
};

/** The server processes of a site, on one database. */
export class Servers {
  readonly #world: World;
  readonly #processes: Process[] = [];
  readonly #poison = new Set<string>();
  readonly watcher = new Watcher();
  #trap: Trap | null = null;
  #wanted = 0;
  #count = 0;
  /** What was done to the servers, for a failing run. */
  readonly events: string[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  async start(): Promise<void> {
    this.#wanted = this.#world.faults.has('two-servers') ? 2 : 1;
    for (let index = 0; index < this.#wanted; index += 1) await this.#boot();
    this.#tick(JOBS_EVERY, 'jobs', ({ app }) => app.jobs.runDue());
    this.#tick(LOG_EVERY, 'log', ({ app }) => app.sequencer.step());
  }

  /** Commands at which the database breaks from now on. */
  poison(id: string): void {
    this.#poison.add(id);
  }

  get poisoned(): ReadonlySet<string> {
    return this.#poison;
  }

  /** Any living process, for the looks of the run itself. */
  get one(): App | null {
    return this.#processes[0]?.app ?? null;
  }

  async #boot(): Promise<void> {
    const { databaseUrl, config, keys, time, chance } = this.#world;
    this.#count += 1;
    const name = `server ${this.#count}`;
    let die: () => void = () => undefined;
    const died = new Promise<'died'>((resolve) => {
      die = () => resolve('died');
    });
    const self: { process?: Process } = {};
    const power = connectThrough(databaseUrl, name, (statement) => this.#fate(self.process, statement));
    const clock = { now: time.now, monotonic: time.now, moveTo: () => Promise.resolve(time.now()), refresh: () => Promise.resolve() };
    const parts = { config, db: power.db, pool: power.pool, clock, random: chance.fork(name).random(), log: createLog('silent') };
    const app = await buildApp({ ...parts, metrics: createMetrics(), keys, apps: config.dataDir });
    await app.http.ready();
    self.process = { app, power, died, die, dead: false };
    this.#processes.push(self.process);
  }

  async #fate(process: Process | undefined, statement: Statement): Promise<Verdict> {
    const { chance, faults } = this.#world;
    // Whoever starts or has died is not a target; a server that cannot start is another matter.
    if (!process) return { fate: 'go' };
    const isDuty = this.#poison.size > 0 && /\binsert into "?duty_/.test(statement.text);
    if (isDuty && statement.values.flat().some((value) => this.#poison.has(value as string))) return { fate: 'fail' };
    const trap = this.#trap;
    if (trap?.matches(statement)) {
      trap.left -= 1;
      if (trap.left <= 0) return this.#spring(process, trap);
    }
    const slow = this.#world.faulty() && faults.has('slow-commit');
    if (slow && statement.answersCommands && /^commit/i.test(statement.text)) await this.#hold(process, chance.between(0, 25));
    return { fate: 'go' };
  }

  /** Holds a commit up; half way somebody looks, so that newer transactions are seen before this one. */
  async #hold(process: Process, ms: number): Promise<void> {
    await sleep(ms / 2);
    void this.#world.work.track('look at the feed', this.watcher.look(process.power.db));
    await sleep(ms / 2);
  }

  /** Looks at the feed when all is quiet. */
  async lookAtFeed(): Promise<void> {
    const process = this.#processes[0];
    if (process) await this.watcher.lookAtLast(process.power.db);
  }

  async #spring(process: Process, trap: Trap): Promise<Verdict> {
    this.#trap = null;
    this.events.push(`${new Date(this.#world.time.now()).toISOString()} ${trap.fate} at ${trap.name}${trap.kills ? ', killed' : ''}`);
    await sleep(trap.holdMs);
    return { fate: trap.fate, ...(trap.kills && { blow: () => this.#kill(process) }) };
  }

  /** Sets a trap for one of the next statements. */
  lay(kills: boolean): void {
    const { chance } = this.#world;
    const name = chance.one(['any statement', 'a commit', 'the commit of commands', 'the commit of commands', 'the outcomes', 'the audit record', 'the leaf']);
    const matches = POINTS[name] as Trap['matches'];
    const left = name === 'any statement' ? chance.between(1, 150) : chance.between(1, 4);
    this.#trap = { name, matches, left, fate: chance.one(['cut-before', 'cut-during', 'cut-after']), kills, holdMs: chance.between(0, 12) };
  }

  disarm(): void {
    this.#trap = null;
  }

  #kill(process: Process): void {
    if (process.dead) return;
    process.dead = true;
    process.power.kill();
    process.die();
    this.#processes.splice(this.#processes.indexOf(process), 1);
    const { work } = this.#world;
    void work.track(
      'burial',
      Promise.all([process.app.stop().catch(() => undefined), sleep(5)]).then(() => process.power.close()),
    );
    this.#replace(this.#world.chance.between(500, 20_000));
  }

  #replace(afterMs: number): void {
    const { time, work } = this.#world;
    time.after(afterMs, () => {
      if (this.#processes.length < this.#wanted) void work.track('start of a server', this.#boot());
    });
  }

  /** Stops one process in good order and starts it again. */
  async restart(): Promise<void> {
    const process = this.#processes.shift();
    if (!process) return;
    process.dead = true;
    this.events.push(`${new Date(this.#world.time.now()).toISOString()} orderly restart`);
    await process.app.stop();
    process.die();
    await process.power.close();
    this.#replace(this.#world.chance.between(500, 5_000));
  }

  async stop(): Promise<void> {
    this.#wanted = 0;
    for (const process of this.#processes.splice(0)) {
      process.dead = true;
      await process.app.stop();
      await process.power.close();
    }
  }

  /** Hands a request to a process. Rejects where none lives, or where it dies before it has answered. */
  async deliver(request: Request, host: string, chance: Chance): Promise<Answer> {
    const process = this.#processes[chance.between(0, Math.max(0, this.#processes.length - 1))];
    if (!process) throw new Error(GONE);
    const { method, path: url, headers, body } = request;
    const sent = process.app.http.inject({ method, url, headers: { ...headers, host }, ...(body !== undefined && { payload: body }) });
    const answer = await Promise.race([sent, process.died]);
    if (answer === 'died') throw new Error('the server died');
    return { status: answer.statusCode, body: answer.body, retryAfter: (answer.headers['retry-after'] as string | undefined) ?? null };
  }

  #tick(everyMs: number, what: string, run: (process: Process) => Promise<unknown>): void {
    const { time, work } = this.#world;
    time.after(everyMs, () => {
      // A process that loses its database goes on at its next turn.
      for (const process of [...this.#processes])
        void work.track(
          what,
          run(process).catch(() => undefined),
        );
      this.#tick(everyMs, what, run);
    });
  }
}
