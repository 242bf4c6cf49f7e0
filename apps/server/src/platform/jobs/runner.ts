import { DAY, type Instant, MINUTE, must, SECOND } from '@sallyport/basics';
import { sql } from 'kysely';
import { failureKind } from '../db/failures.js';
import { type Db, type Trx, at } from '../db/index.js';
import type { Log } from '../log/index.js';
import type { Metrics } from '../metrics/index.js';
import type { SiteClock } from './clock.js';

/** A job as its handler sees it. */
export interface RunningJob {
  readonly id: string;
  readonly kind: string;
  readonly key: string;
  readonly dueAt: Instant;
  /** As it was scheduled; the handler checks its shape. */
  readonly payload: unknown;
  /** The site's clock when the run began. */
  readonly now: Instant;
}

/** Told to others only once the transaction is committed, such as a hint. */
export type AfterCommit = () => void;

/** Does the work in the transaction that also marks the job done: both happen or neither. */
export type JobWork = (trx: Trx, job: RunningJob) => Promise<AfterCommit | void>;

export interface JobContext {
  readonly db: Db;
  readonly clock: SiteClock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Told, in a transaction of its own, each time a job fails that has failed often: a person has to look. */
  readonly onStuck?: JobWork;
}

export interface Jobs {
  /** One handler per kind. A job without a handler in this process waits for a process that has one. */
  handle(kind: string, work: JobWork): void;
  start(): void;
  /** Looks for due work at once: after the demo clock was moved, or after a job was scheduled that is due already. */
  wake(): void;
  /** Runs everything that is due now, one after the other; for tests, the simulator and the demo clock. @returns how many jobs ended. */
  runDue(): Promise<number>;
  /** No new job begins; waits for the one that runs. */
  stop(): Promise<void>;
}

/** How late a job may begin: half of the second within which an alarm must be raised leaves room for its work. */
const LONGEST_SLEEP_MS = 500;
/** Tries after which a person has to look at a job: with the pauses below about 11 minutes. It is tried on meanwhile, for ever. */
export const STUCK_ATTEMPTS = 8;
/** Tries at once where two transactions only got in each other's way. */
const CONFLICT_TRIES = 3;
const FIRST_PAUSE = 5 * SECOND;
const LONGEST_PAUSE = 10 * MINUTE;
/** Ended jobs stay this long to answer for themselves. */
const KEEP_ENDED = 30 * DAY;
const LONGEST_ERROR = 2_000;
/** Jobs ended per statement when old ones are removed, so that no lock is held long. */
const REMOVE_AT_ONCE = 1_000;

interface Claimed {
  readonly id: string;
  readonly kind: string;
  readonly key: string;
  readonly due_at: Instant;
  readonly payload: unknown;
  readonly attempts: number;
}

/** Carries which job failed out of its rolled-back transaction. */
class JobFailure extends Error {
  constructor(
    readonly job: Claimed,
    override readonly cause: unknown,
  ) {
    super('job failed');
  }
}

/** When a waiting job is to run: at its own moment, after a failure later. */
export const RUN_AT = sql<Instant>`coalesce(retry_at, due_at)`;

function claim(trx: Trx, kinds: readonly string[], now: Instant): Promise<Claimed | undefined> {
  return trx
    .selectFrom('job')
    .select(['id', 'kind', 'key', 'due_at', 'payload', 'attempts'])
    .where('state', '=', 'waiting')
    .where('kind', 'in', kinds)
    .where(RUN_AT, '<=', at(now))
    .orderBy(RUN_AT)
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

/** Due jobs from PostgreSQL. Any number of processes may run one each on the same database. */
export function createJobs(context: JobContext): Jobs {
  return new JobRunner(context);
}

class JobRunner implements Jobs {
  private readonly handlers = new Map<string, JobWork>();
  private readonly ended;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<number> | undefined;
  private state: 'idle' | 'started' | 'stopped' = 'idle';

  constructor(private readonly context: JobContext) {
    const { metrics, db, clock } = context;
    this.ended = metrics.counter('sallyport_jobs_total', 'Due jobs that ended a run', ['kind', 'outcome']);
    metrics.gauge('sallyport_jobs_stuck', 'Jobs that failed often and need a person', [], async (gauge) => {
      const row = await db
        .selectFrom('job')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('state', '=', 'waiting')
        .where('attempts', '>=', STUCK_ATTEMPTS)
        .executeTakeFirstOrThrow();
      gauge.set(row.count);
    });
    metrics.gauge('sallyport_jobs_overdue_seconds', 'How long the oldest due job has waited', [], async (gauge) => {
      const row = await db
        .selectFrom('job')
        .select((select) => select.fn.min('due_at').as('due'))
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      gauge.set(row?.due == null ? 0 : Math.max(0, clock.now() - row.due) / SECOND);
    });
  }

  handle(kind: string, work: JobWork): void {
    if (this.handlers.has(kind)) throw new Error(`the job kind ${kind} has two handlers`);
    this.handlers.set(kind, work);
  }

  start(): void {
    if (this.state !== 'idle') return;
    this.state = 'started';
    this.sleep(0);
  }

  wake(): void {
    if (this.state === 'started' && !this.running) this.sleep(0);
  }

  async stop(): Promise<void> {
    this.state = 'stopped';
    clearTimeout(this.timer);
    await this.running?.catch(() => undefined);
  }

  async runDue(): Promise<number> {
    let count = 0;
    while (this.handlers.size > 0 && (await this.runOne())) count += 1;
    return count;
  }

  private sleep(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.tick(), ms);
  }

  private async tick(): Promise<void> {
    if (this.state !== 'started') return;
    try {
      await this.context.clock.refresh();
      this.running = this.runDue();
      await this.running;
      this.running = undefined;
      await this.removeOld();
      if (this.isStarted()) this.sleep(await this.untilNext());
    } catch (error) {
      this.running = undefined;
      this.context.log.error({ err: error }, 'the job runner could not reach the database');
      if (this.isStarted()) this.sleep(LONGEST_SLEEP_MS);
    }
  }

  private isStarted(): boolean {
    return this.state === 'started';
  }

  private async untilNext(): Promise<number> {
    const { db, clock } = this.context;
    const row = await db
      .selectFrom('job')
      .select((select) => select.fn.min(RUN_AT).as('due'))
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    if (row?.due == null) return LONGEST_SLEEP_MS;
    // Another process may hold the next one, or may be the only one with its handler: never spin.
    return Math.min(LONGEST_SLEEP_MS, Math.max(10, row.due - clock.now()));
  }

  private async runOne(): Promise<boolean> {
    if (this.state === 'stopped') return false;
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.tryOne();
      } catch (error) {
        if (!(error instanceof JobFailure)) throw error;
        if (failureKind(error.cause) === 'conflict' && tries < CONFLICT_TRIES) continue;
        await this.putBack(error.job, error.cause);
        return true;
      }
    }
  }

  private async tryOne(): Promise<boolean> {
    const { db, clock } = this.context;
    const done = await db.transaction().execute(async (trx) => {
      const now = clock.now();
      const job = await claim(trx, [...this.handlers.keys()], now);
      return job && { job, tell: await this.perform(trx, job, now) };
    });
    if (!done) return false;
    this.ended.inc({ kind: done.job.kind, outcome: 'done' });
    done.tell?.();
    return true;
  }

  private async perform(trx: Trx, job: Claimed, now: Instant): Promise<AfterCommit | void> {
    const work = must(this.handlers.get(job.kind), `handler of ${job.kind}`);
    try {
      const tell = await work(trx, { id: job.id, kind: job.kind, key: job.key, dueAt: job.due_at, payload: job.payload, now });
      await trx
        .updateTable('job')
        .set({ state: 'done', finished_at: at(now), attempts: job.attempts + 1 })
        .where('id', '=', job.id)
        .execute();
      return tell;
    } catch (cause) {
      throw new JobFailure(job, cause);
    }
  }

  /** After a failure: a longer pause each time, and a person is told when it stays so. The condition keeps a faster process's result. */
  private async putBack(job: Claimed, cause: unknown): Promise<void> {
    const { db, clock, log } = this.context;
    const attempts = job.attempts + 1;
    const now = clock.now();
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 3 ** (attempts - 1));
    const note = (cause instanceof Error ? `${cause.name}: ${'code' in cause ? String(cause.code) : cause.message}` : 'unknown').slice(0, LONGEST_ERROR);
    await db
      .updateTable('job')
      .set({ attempts, last_error: note, retry_at: at(now + pause) })
      .where('id', '=', job.id)
      .where('state', '=', 'waiting')
      .where('attempts', '=', job.attempts)
      .execute();
    this.ended.inc({ kind: job.kind, outcome: 'failed' });
    const line = { err: cause, jobId: job.id, kind: job.kind, attempts };
    if (attempts < STUCK_ATTEMPTS) return log.warn(line, 'job failed and will be tried again');
    log.error(line, 'job is stuck: it has failed often, is tried on, and a person has to look');
    await this.tellStuck(job, now);
  }

  private async tellStuck(job: Claimed, now: Instant): Promise<void> {
    const { db, log, onStuck } = this.context;
    if (!onStuck) return;
    const stuck = { id: job.id, kind: job.kind, key: job.key, dueAt: job.due_at, payload: job.payload, now };
    try {
      const tell = await db.transaction().execute((trx) => onStuck(trx, stuck));
      tell?.();
    } catch (error) {
      log.error({ err: error, jobId: job.id, kind: job.kind }, 'nobody could be told of a stuck job; the next failure tells again');
    }
  }

  private async removeOld(): Promise<void> {
    const { db, clock } = this.context;
    const old = sql<string>`(select id from job where state = 'done' and finished_at < ${at(clock.now() - KEEP_ENDED)} limit ${REMOVE_AT_ONCE})`;
    await db.deleteFrom('job').where('id', 'in', old).execute();
  }
}
