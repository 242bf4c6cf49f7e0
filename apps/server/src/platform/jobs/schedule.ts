import type { Instant } from '@sallyport/basics';
import { type Trx, at } from '../db/index.js';

/** Work that falls due once. */
export interface NewJob {
  /** Names the handler. */
  readonly kind: string;
  /** Tells this job from all others of its kind, for ever: the same key again is the same job. */
  readonly key: string;
  readonly dueAt: Instant;
  /** Stored as JSON; ids and instants, no personal data. */
  readonly payload: unknown;
}

/** Rows of one statement; PostgreSQL takes at most 65,535 values. */
const CHUNK = 5_000;

/**
 * Writes jobs in the caller's transaction; they exist when it commits. A kind and key that is there already, waiting or ended, stays as it is.
 * @returns how many of them are new.
 */
export async function scheduleAll(trx: Trx, jobs: readonly NewJob[]): Promise<number> {
  let created = 0;
  for (let start = 0; start < jobs.length; start += CHUNK) {
    const rows = jobs
      .slice(start, start + CHUNK)
      .map(({ kind, key, dueAt, payload }) => ({ kind, key, due_at: new Date(dueAt), payload: JSON.stringify(payload) }));
    const inserted = await trx
      .insertInto('job')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['kind', 'key']).doNothing())
      .returning('id')
      .execute();
    created += inserted.length;
  }
  return created;
}

/** One job, as {@link scheduleAll}. True when it is new. */
export async function schedule(trx: Trx, job: NewJob): Promise<boolean> {
  return (await scheduleAll(trx, [job])) > 0;
}

/** Takes back jobs that still wait. @returns how many there were. */
export async function cancelJobs(trx: Trx, kind: string, keys: readonly string[]): Promise<number> {
  if (keys.length === 0) return 0;
  const gone = await trx.deleteFrom('job').where('kind', '=', kind).where('key', 'in', keys).where('state', '=', 'waiting').returning('id').execute();
  return gone.length;
}

/** Gives a waiting job another time. False when it no longer waits. */
export async function postponeJob(trx: Trx, kind: string, key: string, dueAt: Instant): Promise<boolean> {
  const moved = await trx
    .updateTable('job')
    .set({ due_at: at(dueAt), retry_at: null })
    .where('kind', '=', kind)
    .where('key', '=', key)
    .where('state', '=', 'waiting')
    .returning('id')
    .execute();
  return moved.length > 0;
}
